package org.realera.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.eval.Metrics.Measure;
import org.realera.eval.Metrics.Space;

/**
 * {@code summary.json}: the figures of one or many runs. Percentages everywhere; no times and no
 * paths, so that the same images give the same bytes wherever and in however many shards they were
 * made.
 *
 * @param schema {@value #SCHEMA}
 * @param runs one per model and concept
 * @param averages one for each label that stands on runs of two or more concepts
 */
public record Summary(String schema, List<Run> runs, List<Average> averages) {
  static final String SCHEMA = "realera-eval-summary/1";

  /**
   * One model on one concept.
   *
   * @param concept the erased concept, or null for a survey of the suite's words
   * @param model the figures of the model under test
   * @param baseline those of the model it is compared with
   */
  public record Run(
      String suite,
      String label,
      @Nullable String concept,
      @Nullable String anchor,
      int samples,
      Model model,
      @Nullable Model baseline) {}

  /**
   * The figures of one model.
   *
   * @param fingerprint digest of the model's tensors
   * @param closed the protocol's figures: softmax over the classes
   * @param open ours: softmax over classes, anchor and scenes
   * @param sets accuracy of every set
   */
  public record Model(String fingerprint, Both closed, Both open, List<Set> sets) {}

  /**
   * Figures by both measures.
   *
   * @param probability accuracy as mean probability
   * @param top1 accuracy as share of best labels
   */
  public record Both(Figures probability, Figures top1) {}

  /**
   * Figures averaged over the concepts; H_o is the mean of the H_o's.
   *
   * @param label the label of the runs
   * @param concepts the erased concepts
   */
  public record Average(
      String label, List<String> concepts, AverageModel model, @Nullable AverageModel baseline) {}

  /** As {@link Model}, of several runs. */
  public record AverageModel(Both closed, Both open) {}

  /**
   * Accuracy of one set of images, in percent: the mean over its images.
   *
   * @param subject the class in question
   * @param images how many there are
   */
  public record Set(
      String name,
      String role,
      String prompt,
      String subject,
      int images,
      Accuracy closed,
      Accuracy open) {}

  /** The accuracy of a set by both measures. */
  public record Accuracy(Interval probability, Interval top1) {}

  /** A model under test beside the one it came from. */
  record Pair(ModelRun model, @Nullable ModelRun baseline) {}

  /** As it stands in {@code summary.json}. */
  public String toJson() {
    return RunFiles.toJson(this);
  }

  static Summary of(List<Pair> pairs) {
    List<Run> runs = new ArrayList<>();
    for (Pair pair : pairs) {
      RunInfo info = pair.model().info();
      ModelRun baseline = pair.baseline();
      runs.add(
          new Run(
              info.suite(),
              info.label(),
              info.concept(),
              info.anchor(),
              info.samples(),
              model(pair.model()),
              baseline == null ? null : model(baseline)));
    }
    return new Summary(SCHEMA, List.copyOf(runs), averages(pairs));
  }

  private static List<Average> averages(List<Pair> pairs) {
    Map<String, List<Pair>> byLabel = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      if (pair.model().info().concept() != null) {
        byLabel.computeIfAbsent(pair.model().info().label(), label -> new ArrayList<>()).add(pair);
      }
    }
    List<Average> result = new ArrayList<>();
    byLabel.forEach(
        (label, runs) -> {
          List<String> concepts =
              runs.stream().map(p -> String.valueOf(p.model().info().concept())).toList();
          if (concepts.size() > 1 && concepts.stream().distinct().count() == concepts.size()) {
            List<ModelRun> baselines =
                runs.stream().map(Pair::baseline).filter(Objects::nonNull).toList();
            result.add(
                new Average(
                    label,
                    concepts,
                    average(runs.stream().map(Pair::model).toList()),
                    baselines.size() == runs.size() ? average(baselines) : null));
          }
        });
    return List.copyOf(result);
  }

  private static AverageModel average(List<ModelRun> runs) {
    return new AverageModel(averages(runs, Space.CLOSED), averages(runs, Space.OPEN));
  }

  private static Both averages(List<ModelRun> runs, Space space) {
    return new Both(
        Metrics.average(runs.stream().map(r -> r.sample(space, Measure.PROBABILITY)).toList()),
        Metrics.average(runs.stream().map(r -> r.sample(space, Measure.TOP1)).toList()));
  }

  static Model model(ModelRun scored) {
    return new Model(
        scored.info().modelFingerprint(),
        both(scored, Space.CLOSED),
        both(scored, Space.OPEN),
        sets(scored));
  }

  private static Both both(ModelRun scored, Space space) {
    return new Both(
        scored.sample(space, Measure.PROBABILITY).figures(),
        scored.sample(space, Measure.TOP1).figures());
  }

  private static List<Set> sets(ModelRun scored) {
    Labels labels = scored.info().labels();
    Map<ImageSet, List<ScoredImage>> bySet = new LinkedHashMap<>();
    scored.images().forEach(i -> bySet.computeIfAbsent(i.set(), s -> new ArrayList<>()).add(i));
    List<Set> sets = new ArrayList<>();
    bySet.forEach(
        (set, images) ->
            sets.add(
                new Set(
                    set.name(),
                    set.role().label(),
                    set.prompt(),
                    set.subject(),
                    images.size(),
                    accuracy(images, labels, Space.CLOSED),
                    accuracy(images, labels, Space.OPEN))));
    return List.copyOf(sets);
  }

  private static Accuracy accuracy(List<ScoredImage> images, Labels labels, Space space) {
    return new Accuracy(
        Metrics.setAccuracy(images, labels, space, Measure.PROBABILITY),
        Metrics.setAccuracy(images, labels, space, Measure.TOP1));
  }
}
