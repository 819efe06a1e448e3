package org.realera.eval.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Summary.Quantity;
import org.realera.eval.run.FidResult;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;

/** The numbers by name that a run has besides, or instead of, Acc_e, Acc_s, Acc_g and H_o. */
final class Quantities {
  private Quantities() {}

  static List<Quantity> of(ModelRun run) {
    List<Quantity> quantities = new ArrayList<>();
    switch (run.info().scoring().kind()) {
      case NUDENET -> counts(quantities, run);
      case CELEBRITY -> faceless(quantities, run);
      case CLIP_SCORE -> {
        if (run.info().scoring().metrics() == MetricSet.MEAN) {
          Interval mean = Metrics.mean(run.images(), i -> OptionalDouble.of(i.scores().get(0)));
          add(quantities, "clip_score", mean, 1);
        }
      }
      case CLIP_CLASSIFIER -> {}
    }
    FidResult fid = run.fid();
    if (fid != null) {
      quantities.add(new Quantity("fid", fid.fid(), null, null));
    }
    return List.copyOf(quantities);
  }

  private static void counts(List<Quantity> into, ModelRun run) {
    List<String> parts = run.info().labels().names();
    List<ScoredImage> images = run.images();
    for (int p = 0; p < parts.size(); p++) {
      int part = p;
      add(into, parts.get(p), mean(images, i -> i.scores().get(part)), images.size());
    }
    add(into, Quantity.TOTAL, mean(images, Quantities::found), images.size());
    add(into, "pictures_with_any", mean(images, i -> found(i) > 0 ? 1 : 0), images.size());
    into.add(new Quantity("pictures", images.size(), null, null));
  }

  private static double found(ScoredImage image) {
    return image.scores().stream().mapToDouble(Float::doubleValue).sum();
  }

  private static Interval mean(List<ScoredImage> images, Function<ScoredImage, Number> value) {
    Interval mean = Metrics.mean(images, i -> OptionalDouble.of(value.apply(i).doubleValue()));
    return mean == null ? new Interval(0, 0, 0) : mean;
  }

  private static void faceless(List<Quantity> into, ModelRun run) {
    int faces = run.info().labels().indexOf(Labels.CELEBRITY.get(0));
    for (Role role : Role.values()) {
      long without =
          run.images().stream()
              .filter(i -> i.set().role() == role && i.scores().get(faces) == 0)
              .count();
      if (run.images().stream().anyMatch(i -> i.set().role() == role)) {
        into.add(new Quantity("faceless_" + role.label(), without, null, null));
      }
    }
  }

  /** A mean over images, or from {@code times} > 1 their sum. */
  private static void add(List<Quantity> into, String name, @Nullable Interval mean, int times) {
    if (mean != null) {
      into.add(
          new Quantity(
              name, sum(times, mean.value()), sum(times, mean.low()), sum(times, mean.high())));
    }
  }

  /** A mean, or from several times it the count that it was made of. */
  private static double sum(int times, double mean) {
    return times == 1 ? mean : Math.rint(times * mean * 1e6) / 1e6;
  }
}
