package org.realera.eval.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Summary.Accuracy;
import org.realera.eval.metrics.Summary.Average;
import org.realera.eval.metrics.Summary.AverageModel;
import org.realera.eval.metrics.Summary.Both;
import org.realera.eval.metrics.Summary.Model;
import org.realera.eval.metrics.Summary.Quantity;
import org.realera.eval.metrics.Summary.Run;
import org.realera.eval.metrics.Summary.Set;
import org.realera.eval.run.Alike;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.run.ScoredImage.Measure;
import org.realera.eval.run.ScoredImage.Space;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;

/** Computes the figures of a {@link Summary} from scored images. */
final class Summaries {
  private Summaries() {}

  static Summary of(List<ModelPair> pairs) {
    List<Run> runs = new ArrayList<>();
    for (ModelPair pair : pairs) {
      RunInfo info = pair.model().info();
      ModelRun baseline = pair.baseline();
      runs.add(
          new Run(
              info.suite(),
              info.label(),
              info.concept(),
              info.anchor(),
              info.samples(),
              info.published(),
              model(pair.model()),
              baseline == null ? null : model(baseline)));
    }
    return new Summary(Summary.SCHEMA, List.copyOf(runs), averages(pairs));
  }

  private static List<Average> averages(List<ModelPair> pairs) {
    Map<Object, List<ModelPair>> alike = new LinkedHashMap<>();
    for (ModelPair pair : pairs) {
      RunInfo info = pair.model().info();
      if (info.concept() != null) {
        alike
            .computeIfAbsent(Map.entry(info.label(), info.measuredWith()), key -> new ArrayList<>())
            .add(pair);
      }
    }
    return alike.values().stream().filter(Summaries::canBeAveraged).map(Summaries::mean).toList();
  }

  /** Of several concepts, each there once, made alike in what shows only beside the others, too. */
  private static boolean canBeAveraged(List<ModelPair> runs) {
    long concepts = runs.stream().map(pair -> pair.model().info().concept()).distinct().count();
    return runs.size() > 1 && concepts == runs.size() && Alike.of(runs).difference().isEmpty();
  }

  private static Average mean(List<ModelPair> runs) {
    List<ModelRun> baselines =
        runs.stream().map(ModelPair::baseline).filter(Objects::nonNull).toList();
    return new Average(
        runs.get(0).model().info().label(),
        runs.stream().map(pair -> String.valueOf(pair.model().info().concept())).toList(),
        average(runs.stream().map(ModelPair::model).toList()),
        baselines.size() == runs.size() ? average(baselines) : null);
  }

  /**
   * The figures of runs on several concepts, or of one, averaged; those over subtypes of the
   * concepts that have some.
   */
  static AverageModel average(List<ModelRun> runs) {
    List<ModelRun> some = runs.stream().filter(Summaries::hasSubtypes).toList();
    return average(runs, Role.RELATED, some.isEmpty() ? null : average(some, Role.SUBTYPE, null));
  }

  private static boolean hasSubtypes(ModelRun run) {
    return run.images().stream().anyMatch(image -> image.set().role() == Role.SUBTYPE);
  }

  /**
   * Figures averaged.
   *
   * @param general over whose images Acc_g is taken
   */
  private static AverageModel average(
      List<ModelRun> runs, Role general, @Nullable AverageModel subtypes) {
    if (runs.stream().allMatch(ModelRun::isClassified)) {
      return new AverageModel(
          averages(runs, Space.CLOSED, general),
          averages(runs, Space.OPEN, general),
          null,
          null,
          subtypes);
    }
    Reading reading = Reading.of(runs.get(0).info().scoring());
    return new AverageModel(
        null,
        null,
        reading.title(),
        Metrics.average(runs.stream().map(r -> Metrics.Sample.of(r, reading, general)).toList()),
        subtypes);
  }

  private static Both averages(List<ModelRun> runs, Space space, Role general) {
    return new Both(
        average(runs, space, Measure.PROBABILITY, general),
        average(runs, space, Measure.TOP1, general));
  }

  private static Figures average(List<ModelRun> runs, Space space, Measure measure, Role general) {
    return Metrics.average(
        runs.stream()
            .map(
                run ->
                    Metrics.Sample.of(
                        run, Reading.classes(run.info().labels(), space, measure), general))
            .toList());
  }

  static Model model(ModelRun scored) {
    String fingerprint = scored.info().modelFingerprint();
    List<Set> sets = sets(scored);
    AverageModel subtypes =
        hasSubtypes(scored) ? average(List.of(scored), Role.SUBTYPE, null) : null;
    List<Quantity> quantities = Quantities.of(scored);
    if (scored.isClassified()) {
      return new Model(
          fingerprint,
          both(scored, Space.CLOSED),
          both(scored, Space.OPEN),
          sets,
          null,
          null,
          quantities.isEmpty() ? null : quantities,
          subtypes);
    }
    if (scored.info().scoring().metrics() != MetricSet.ERASURE) {
      return new Model(fingerprint, null, null, sets, null, null, quantities, null);
    }
    Reading reading = Reading.of(scored.info().scoring());
    Figures figures = Metrics.Sample.of(scored, reading).figures();
    return new Model(fingerprint, null, null, sets, reading.title(), figures, quantities, subtypes);
  }

  private static Both both(ModelRun scored, Space space) {
    return averages(List.of(scored), space, Role.RELATED);
  }

  private static List<Set> sets(ModelRun scored) {
    return scored.bySet().values().stream()
        .map(images -> set(images.get(0).set(), images, scored))
        .toList();
  }

  private static Set set(ImageSet set, List<ScoredImage> images, ModelRun run) {
    Labels labels = run.info().labels();
    boolean classified = run.isClassified();
    return new Set(
        set.name(),
        set.role(),
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
