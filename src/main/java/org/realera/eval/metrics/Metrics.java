package org.realera.eval.metrics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.suite.ImageSet.Role;

/**
 * Acc_e, Acc_s, Acc_g and H_o with bootstrap intervals.
 *
 * <p>The accuracy of a set of images is the mean over them of the class in question's softmax
 * probability, or the share of them whose best label it is. A figure is the mean over its sets. The
 * bootstrap redraws the images of every set, with replacement, from that set; the prompts stay. So
 * an interval speaks of other seeds with these prompts, not of other prompts.
 */
public final class Metrics {
  static final int RESAMPLES = 2000;
  private static final long SEED = 20241;
  private static final int ACC_E = 0;
  private static final int ACC_S = 1;
  private static final int ACC_G = 2;
  private static final int H_O = 3;

  private Metrics() {}

  /** Harmonic mean of 100 - accE, accS and 100 - accG, all in percent; 0 if one of them is 0. */
  public static double harmonic(double accE, double accS, double accG) {
    double e = 100 - accE;
    double g = 100 - accG;
    return e <= 0 || accS <= 0 || g <= 0 ? 0 : 3 / (1 / e + 1 / accS + 1 / g);
  }

  /** The mean over some images; null if none of them counts. */
  static @Nullable Interval mean(
      List<ScoredImage> images, Function<ScoredImage, OptionalDouble> value) {
    double[] values = images.stream().map(value).flatMapToDouble(OptionalDouble::stream).toArray();
    if (values.length == 0) {
      return null;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double[] replicates = new double[RESAMPLES];
    for (int b = 0; b < RESAMPLES; b++) {
      replicates[b] = Sample.mean(List.of(values), random);
    }
    Arrays.sort(replicates);
    return new Interval(
        Sample.mean(List.of(values), null),
        percentile(replicates, 0.025),
        percentile(replicates, 0.975));
  }

  /** The figures of several runs averaged one by one, so H_o is the mean of the H_o's. */
  static Figures average(List<Sample> runs) {
    double[] values = new double[4];
    double[][] replicates = new double[4][RESAMPLES];
    boolean[] there = {true, true, true, true};
    for (Sample run : runs) {
      for (int f = 0; f < 4; f++) {
        values[f] += run.values[f] / runs.size();
        there[f] &= run.there[f];
        for (int b = 0; b < RESAMPLES; b++) {
          replicates[f][b] += run.replicates[f][b] / runs.size();
        }
      }
    }
    return new Sample(values, replicates, there).figures();
  }

  /** The figures of one run with their resampled values, so that runs can be averaged. */
  static final class Sample {
    private final double[] values;
    private final double[][] replicates;
    private final boolean[] there;

    private Sample(double[] values, double[][] replicates, boolean[] there) {
      this.values = values;
      this.replicates = replicates;
      this.there = there;
    }

    /**
     * Measures images and resamples them.
     *
     * @param reading what an image counts for
     * @param stream names this run's random numbers: runs that are averaged must differ in it, and
     *     the same run gets the same interval every time
     */
    static Sample of(List<ScoredImage> images, Reading reading, String stream) {
      return of(images, reading, stream, Role.RELATED);
    }

    /**
     * The same with Acc_g over the images of another role; the intervals of Acc_e and Acc_s stay.
     */
    static Sample of(List<ScoredImage> images, Reading reading, String stream, Role general) {
      Map<Role, Map<String, List<Double>>> groups = new LinkedHashMap<>();
      for (ScoredImage image : images) {
        OptionalDouble value = reading.value().apply(image);
        if (value.isPresent()) {
          groups
              .computeIfAbsent(image.set().role(), r -> new LinkedHashMap<>())
              .computeIfAbsent(reading.pooled() ? "" : image.set().name(), n -> new ArrayList<>())
              .add(value.getAsDouble());
        }
      }
      Map<Role, List<double[]>> byRole = new LinkedHashMap<>();
      groups.forEach(
          (role, sets) ->
              byRole.put(
                  role,
                  sets.values().stream()
                      .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray())
                      .toList()));
      boolean[] there = {
        byRole.containsKey(Role.ERASED),
        byRole.containsKey(Role.KEPT),
        byRole.containsKey(general),
        byRole.containsKey(Role.ERASED)
            && byRole.containsKey(Role.KEPT)
            && byRole.containsKey(general)
      };
      double[] values = new double[4];
      fill(values, byRole, general, null, null);
      CRC32 crc = new CRC32();
      crc.update(stream.getBytes(StandardCharsets.UTF_8));
      long seed = SEED ^ (crc.getValue() << 20);
      SplittableRandom random = new SplittableRandom(seed);
      SplittableRandom others = new SplittableRandom(~seed);
      double[][] replicates = new double[4][RESAMPLES];
      double[] one = new double[4];
      for (int b = 0; b < RESAMPLES; b++) {
        fill(one, byRole, general, random, others);
        for (int f = 0; f < 4; f++) {
          replicates[f][b] = one[f];
        }
      }
      return new Sample(values, replicates, there);
    }

    /** The figures of one run by one reading of its scores. */
    static Sample of(ModelRun run, Reading reading) {
      return of(run, reading, Role.RELATED);
    }

    /** The same with Acc_g over the images of another role. */
    static Sample of(ModelRun run, Reading reading, Role general) {
      // Runs that are averaged differ in their concept.
      String stream = run.info().suite() + "/" + run.info().concept();
      return of(run.images(), reading, stream, general);
    }

    /**
     * Figures of the images, or of a resample of them.
     *
     * @param others numbers for what stands in the place of synonyms, so that it changes no other's
     */
    private static void fill(
        double[] into,
        Map<Role, List<double[]>> byRole,
        Role general,
        @Nullable SplittableRandom random,
        @Nullable SplittableRandom others) {
      into[ACC_E] = mean(byRole.getOrDefault(Role.ERASED, List.of()), random);
      into[ACC_S] = mean(byRole.getOrDefault(Role.KEPT, List.of()), random);
      into[ACC_G] = mean(byRole.getOrDefault(Role.RELATED, List.of()), random);
      if (general != Role.RELATED) {
        into[ACC_G] = mean(byRole.getOrDefault(general, List.of()), others);
      }
      into[H_O] = harmonic(into[ACC_E], into[ACC_S], into[ACC_G]);
    }

    /** Mean over the sets of the mean of each set, or of a resample of each set. */
    private static double mean(List<double[]> sets, @Nullable SplittableRandom random) {
      double total = 0;
      for (double[] set : sets) {
        double sum = 0;
        for (int i = 0; i < set.length; i++) {
          sum += random == null ? set[i] : set[random.nextInt(set.length)];
        }
        total += sum / set.length;
      }
      return sets.isEmpty() ? 0 : total / sets.size();
    }

    Figures figures() {
      return new Figures(interval(ACC_E), interval(ACC_S), interval(ACC_G), interval(H_O));
    }

    private @Nullable Interval interval(int figure) {
      if (!there[figure]) {
        return null;
      }
      double[] sorted = replicates[figure].clone();
      Arrays.sort(sorted);
      return new Interval(values[figure], percentile(sorted, 0.025), percentile(sorted, 0.975));
    }
  }

  /** Percentile by linear interpolation between the two nearest order statistics. */
  static double percentile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
