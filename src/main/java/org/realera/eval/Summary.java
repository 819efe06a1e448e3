package org.realera.eval;

import com.fasterxml.jackson.annotation.JsonInclude;
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
   * The figures of one model. Those of a classifier are {@code closed} and {@code open}; of any
   * other scorer there is one kind of figures, or numbers by name.
   *
   * @param fingerprint digest of the model's tensors
   * @param closed the protocol's figures: softmax over the classes
   * @param open ours: softmax over classes, anchor and scenes
   * @param sets accuracy of every set
   * @param measure what {@code figures} are made of
   * @param figures the protocol's figures by a scorer that is no classifier
   * @param quantities numbers by name: counts, means, FID
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Model(
      String fingerprint,
      @Nullable Both closed,
      @Nullable Both open,
      List<Set> sets,
      @Nullable String measure,
      @Nullable Figures figures,
      @Nullable List<Quantity> quantities) {

    /** What tables show of it, the published protocol first. */
    public List<View> views() {
      return View.of(closed, open, measure, figures);
    }

    /** Its numbers by name, if there are any. */
    public List<Quantity> numbers() {
      return quantities == null ? List.of() : quantities;
    }
  }

  /**
   * A line of a table.
   *
   * @param name what the figures are made of
   */
  public record View(String name, Figures figures) {
    static List<View> of(
        @Nullable Both closed,
        @Nullable Both open,
        @Nullable String measure,
        @Nullable Figures figures) {
      List<View> views = new ArrayList<>();
      if (closed != null && open != null) {
        views.add(new View("closed set", closed.probability()));
        views.add(new View("closed set, top-1", closed.top1()));
        views.add(new View("open set", open.probability()));
        views.add(new View("open set, top-1", open.top1()));
      }
      if (measure != null && figures != null) {
        views.add(new View(measure, figures));
      }
      return List.copyOf(views);
    }
  }

  /**
   * A number by name, e.g. {@code total_detections}.
   *
   * @param low lower end of its 95 % interval, where it has one
   * @param high upper end
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Quantity(String name, double value, @Nullable Double low, @Nullable Double high) {}

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
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AverageModel(
      @Nullable Both closed,
      @Nullable Both open,
      @Nullable String measure,
      @Nullable Figures figures) {

    /** What tables show of it, the published protocol first. */
    public List<View> views() {
      return View.of(closed, open, measure, figures);
    }
  }

  /**
   * Accuracy of one set of images, in percent: the mean over its images.
   *
   * @param subject the class in question
   * @param images how many there are
   * @param value the mean of what a scorer that is no classifier gives; null if no image counts
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Set(
      String name,
      String role,
      String prompt,
      String subject,
      int images,
      @Nullable Accuracy closed,
      @Nullable Accuracy open,
      @Nullable Interval value) {

    /** The one number that stands for it: of a classifier, that of the open set. */
    @Nullable Interval headline() {
      return open == null ? value : open.probability();
    }
  }

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
    if (runs.stream().allMatch(ModelRun::isClassified)) {
      return new AverageModel(averages(runs, Space.CLOSED), averages(runs, Space.OPEN), null, null);
    }
    Reading reading = Reading.of(runs.get(0).info().scoring());
    return new AverageModel(
        null,
        null,
        reading.title(),
        Metrics.average(runs.stream().map(r -> r.sample(reading)).toList()));
  }

  private static Both averages(List<ModelRun> runs, Space space) {
    return new Both(
        Metrics.average(runs.stream().map(r -> r.sample(space, Measure.PROBABILITY)).toList()),
        Metrics.average(runs.stream().map(r -> r.sample(space, Measure.TOP1)).toList()));
  }

  static Model model(ModelRun scored) {
    String fingerprint = scored.info().modelFingerprint();
    List<Set> sets = sets(scored);
    if (scored.isClassified()) {
      return new Model(
          fingerprint,
          both(scored, Space.CLOSED),
          both(scored, Space.OPEN),
          sets,
          null,
          null,
          null);
    }
    List<Quantity> quantities = Quantities.of(scored);
    if (scored.info().scoring().metrics() != MetricSet.ERASURE) {
      return new Model(fingerprint, null, null, sets, null, null, quantities);
    }
    Reading reading = Reading.of(scored.info().scoring());
    Figures figures = scored.sample(reading).figures();
    return new Model(fingerprint, null, null, sets, reading.title(), figures, quantities);
  }

  private static Both both(ModelRun scored, Space space) {
    return new Both(
        scored.sample(space, Measure.PROBABILITY).figures(),
        scored.sample(space, Measure.TOP1).figures());
  }

  private static List<Set> sets(ModelRun scored) {
    return bySet(scored).values().stream()
        .map(images -> set(images.get(0).set(), images, scored))
        .toList();
  }

  /** The images by the names of their sets, which may hold tens of thousands of prompts. */
  static Map<String, List<ScoredImage>> bySet(ModelRun run) {
    Map<String, List<ScoredImage>> sets = new LinkedHashMap<>();
    run.images().forEach(i -> sets.computeIfAbsent(i.set().name(), s -> new ArrayList<>()).add(i));
    return sets;
  }

  private static Set set(ImageSet set, List<ScoredImage> images, ModelRun run) {
    Labels labels = run.info().labels();
    boolean classified = run.isClassified();
    return new Set(
        set.name(),
        set.role().label(),
        set.prompt(),
        set.subject(),
        images.size(),
        classified ? accuracy(images, labels, Space.CLOSED) : null,
        classified ? accuracy(images, labels, Space.OPEN) : null,
        classified ? null : Metrics.mean(images, Reading.of(run.info().scoring()).value()));
  }

  private static Accuracy accuracy(List<ScoredImage> images, Labels labels, Space space) {
    return new Accuracy(
        setAccuracy(images, labels, space, Measure.PROBABILITY),
        setAccuracy(images, labels, space, Measure.TOP1));
  }

  private static Interval setAccuracy(
      List<ScoredImage> images, Labels labels, Space space, Measure measure) {
    Interval mean = Metrics.mean(images, Reading.classes(labels, space, measure).value());
    return Objects.requireNonNull(mean, "a set without images");
  }
}
