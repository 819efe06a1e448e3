package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.NeedsForce;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.safetensors.DType;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;
import org.realera.tensor.NativeFloats;
import org.realera.training.Gradients;
import org.realera.training.Saved;

/**
 * The diagonal of the Fisher information: the mean, over samples, of squared gradients. It is saved
 * while it grows, so that an interrupted run goes on to the same numbers. Once it is whole it is
 * read from where it is saved, tensor by tensor: beside what is trained no copy is held.
 */
final class Fisher implements AutoCloseable {
  private static final String NAME = "fisher";
  private static final String DONE = "samples";

  private final Saved state;
  private final SortedMap<String, Shape> shapes;
  private final int samples;
  private final SortedMap<String, NativeFloats> diagonal = new TreeMap<>();
  private int done;
  private @Nullable Weights whole;

  private Fisher(Saved state, SortedMap<String, Shape> shapes, int samples) {
    this.state = state;
    this.shapes = shapes;
    this.samples = samples;
    shapes.forEach((name, shape) -> diagonal.put(name, NativeFloats.zeros(shape.size())));
  }

  /**
   * Begins, or goes on where the saved one says.
   *
   * @param shapes of the parameters, by name
   * @param samples how many there will be
   * @throws RealeraException (damaged) if what is saved is none
   */
  static Fisher begin(Saved state, SortedMap<String, Shape> shapes, int samples) {
    Fisher fisher = new Fisher(state, shapes, samples);
    if (state.has(NAME)) {
      fisher.load();
    } else {
      fisher.save();
    }
    return fisher;
  }

  private void load() {
    try (Saved.Opened saved = state.open(NAME);
        NDManager scope = NDManager.newBaseManager()) {
      diagonal.forEach(
          (name, row) -> {
            try (NDArray values = saved.tensors().read(name, scope)) {
              if (values.size() != row.size()) {
                throw damaged(saved, name + " has " + values.size() + " values");
              }
              row.set(values);
            }
          });
      done = samples(saved);
    }
  }

  private static int samples(Saved.Opened saved) {
    try {
      return Integer.parseInt(saved.metadata().getOrDefault(DONE, ""));
    } catch (NumberFormatException e) {
      throw damaged(saved, "it does not say of how many samples it is");
    }
  }

  private static RealeraException damaged(Saved.Opened saved, String what) {
    return new NeedsForce(
        Kind.DAMAGED,
        saved.tensors().source() + " is no saved Fisher information: " + what,
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
            (name, gs) -> {
              NativeFloats fs = Objects.requireNonNull(diagonal.get(name));
              float[] f = new float[NativeFloats.BLOCK];
              float[] g = new float[NativeFloats.BLOCK];
              for (int from = 0; from < fs.size(); from += NativeFloats.BLOCK) {
                int count = fs.read(from, f);
                gs.read(from, g);
                for (int i = 0; i < count; i++) {
                  f[i] += g[i] * g[i] / samples;
                }
                fs.write(from, f, count);
              }
            });
    done++;
  }

  void save() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<TensorSource> tensors = new ArrayList<>();
      diagonal.forEach(
          (name, row) -> {
            NDArray values = row.tensor(Objects.requireNonNull(shapes.get(name)), scope);
            tensors.add(TensorSource.of(name, DType.F32, values));
          });
      state.put(NAME, Map.of(DONE, String.valueOf(done)), tensors);
    }
  }

  /**
   * Adds lambda sum_i F_i (theta_i - theta*_i)^2 and its slope, of the parameters that have a slope
   * already.
   *
   * @param star theta*, read tensor by tensor from its file, so that no copy is kept; borrowed
   */
  void penalize(double lambda, Map<String, NativeFloats> parameters, Weights star, Gradients sum) {
    if (whole == null) {
      throw new IllegalStateException("it is not whole yet");
    }
    double penalty = 0;
    float[] g = new float[NativeFloats.BLOCK];
    float[] f = new float[NativeFloats.BLOCK];
    float[] now = new float[NativeFloats.BLOCK];
    float[] then = new float[NativeFloats.BLOCK];
    for (Map.Entry<String, NativeFloats> slope : sum.values().entrySet()) {
      NativeFloats gs = slope.getValue();
      NativeFloats nows = Objects.requireNonNull(parameters.get(slope.getKey()));
      try (NDManager scope = NDManager.newBaseManager(Device.cpu());
          NativeFloats fs = NativeFloats.copyOf(whole.read(slope.getKey(), scope));
          NativeFloats thens = NativeFloats.copyOf(star.read(slope.getKey(), scope))) {
        for (int from = 0; from < gs.size(); from += NativeFloats.BLOCK) {
          int count = gs.read(from, g);
          fs.read(from, f);
          nows.read(from, now);
          thens.read(from, then);
          for (int i = 0; i < count; i++) {
            double moved = (double) now[i] - then[i];
            penalty += f[i] * moved * moved;
            g[i] += (float) (2 * lambda * f[i] * moved);
          }
          gs.write(from, g, count);
        }
      }
    }
    sum.addLoss(lambda * penalty);
  }

  /** The mean of the diagonal, for the manifest. */
  double mean() {
    double sum = 0;
    long count = 0;
    for (NativeFloats row : diagonal.values()) {
      sum += row.sum();
      count += row.size();
    }
    return sum / count;
  }

  /** Ends the measuring: the numbers, which are saved, are freed. */
  void settle() {
    diagonal.values().forEach(NativeFloats::close);
    whole = state.open(NAME).tensors();
  }

  /** Frees the numbers. */
  @Override
  public void close() {
    diagonal.values().forEach(NativeFloats::close);
    if (whole != null) {
      whole.close();
    }
  }
}
