package org.realera.method;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.NeedsForce;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.training.Gradients;
import org.realera.training.Trainable;

/**
 * The diagonal of the Fisher information: the mean, over samples, of squared gradients. It is saved
 * while it grows, so that an interrupted run goes on to the same numbers.
 */
final class Fisher {
  private static final String DONE = "samples";

  private final Path file;
  private final Trainable theta;
  private final int samples;
  private final SortedMap<String, float[]> diagonal = new TreeMap<>();
  private int done;

  private Fisher(Path file, Trainable theta, int samples) {
    this.file = file;
    this.theta = theta;
    this.samples = samples;
    theta.parameters().forEach((name, values) -> diagonal.put(name, new float[values.length]));
  }

  /**
   * Begins, or goes on where the file says.
   *
   * @param theta whose names and sizes it has, borrowed
   * @param samples how many there will be
   * @throws RealeraException (damaged) if the file is none
   */
  static Fisher begin(Path file, Trainable theta, int samples) {
    Fisher fisher = new Fisher(file, theta, samples);
    if (Files.exists(file)) {
      fisher.load();
    } else {
      fisher.save();
    }
    return fisher;
  }

  private void load() {
    try (SafetensorsFile saved = SafetensorsFile.open(file);
        NDManager scope = NDManager.newBaseManager()) {
      for (Map.Entry<String, float[]> entry : diagonal.entrySet()) {
        float[] values = saved.read(entry.getKey(), scope).toFloatArray();
        if (values.length != entry.getValue().length) {
          throw damaged(entry.getKey() + " has " + values.length + " values");
        }
        entry.setValue(values);
      }
      done = Integer.parseInt(saved.metadata().getOrDefault(DONE, ""));
    } catch (NumberFormatException e) {
      throw damaged("it does not say of how many samples it is");
    }
  }

  private RealeraException damaged(String what) {
    return new NeedsForce(
        Kind.DAMAGED,
        file + " is no saved Fisher information: " + what,
        "It is lost: start afresh, with --force and without --resume.");
  }

  /** Samples that are in it. */
  int done() {
    return done;
  }

  /** Adds a sample, the gradient of its loss. */
  void add(Gradients sample) {
    sample
        .values()
        .forEach(
            (name, g) -> {
              float[] f = Objects.requireNonNull(diagonal.get(name));
              for (int i = 0; i < f.length; i++) {
                f[i] += g[i] * g[i] / samples;
              }
            });
    done++;
  }

  void save() {
    List<TensorSource> tensors = new ArrayList<>();
    diagonal.forEach(
        (name, values) -> {
          Shape shape = Objects.requireNonNull(theta.shapes().get(name));
          List<Long> sizes = Arrays.stream(shape.getShape()).boxed().toList();
          tensors.add(TensorSource.of(name, DType.F32, sizes, values));
        });
    SafetensorsWriter.write(file, Map.of(DONE, String.valueOf(done)), tensors);
  }

  /**
   * Adds lambda sum_i F_i (theta_i - theta*_i)^2 and its slope, of the parameters that have a slope
   * already.
   *
   * @param star theta*, name to values
   */
  void penalize(
      double lambda, Map<String, float[]> parameters, Map<String, float[]> star, Gradients sum) {
    double penalty = 0;
    for (Map.Entry<String, float[]> entry : sum.values().entrySet()) {
      float[] g = entry.getValue();
      float[] f = Objects.requireNonNull(diagonal.get(entry.getKey()));
      float[] now = Objects.requireNonNull(parameters.get(entry.getKey()));
      float[] then = Objects.requireNonNull(star.get(entry.getKey()));
      for (int i = 0; i < g.length; i++) {
        double moved = (double) now[i] - then[i];
        penalty += f[i] * moved * moved;
        g[i] += (float) (2 * lambda * f[i] * moved);
      }
    }
    sum.addLoss(lambda * penalty);
  }

  /** The mean of the diagonal, for the manifest. */
  double mean() {
    double sum = 0;
    long count = 0;
    for (float[] values : diagonal.values()) {
      for (float value : values) {
        sum += value;
      }
      count += values.length;
    }
    return sum / count;
  }
}
