package org.realera.training;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.tensor.NativeFloats;

/**
 * AdamW (Loshchilov and Hutter 2019) in float32 on the CPU, operation for operation as {@code
 * torch.optim.AdamW} without amsgrad, so that a run does not depend on the device that made the
 * gradients. Of LoRA weights, a few hundred thousand numbers, the step costs a millisecond; of a
 * whole U-Net it moves 24 GB through memory. Without weight decay it is Adam.
 */
public final class AdamW implements AutoCloseable {
  /**
   * Hyperparameters under torch's names.
   *
   * @param learningRate step size
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param weightDecay decoupled decay, times the learning rate
   */
  public record Settings(
      double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
    /** torch's defaults for all but the learning rate. */
    public static Settings of(double learningRate, double weightDecay) {
      return new Settings(learningRate, 0.9, 0.999, 1e-8, weightDecay);
    }
  }

  private final Settings settings;
  private final SortedMap<String, NativeFloats> firstMoments = new TreeMap<>();
  private final SortedMap<String, NativeFloats> secondMoments = new TreeMap<>();
  private int steps;

  /** A fresh optimizer; moments start at zero when a parameter is first seen. */
  public AdamW(Settings settings) {
    this.settings = settings;
  }

  /** Continues where another left off; the rows are taken over, not copied. */
  public AdamW(
      Settings settings,
      int steps,
      Map<String, NativeFloats> firstMoments,
      Map<String, NativeFloats> secondMoments) {
    this(settings);
    this.steps = steps;
    this.firstMoments.putAll(firstMoments);
    this.secondMoments.putAll(secondMoments);
  }

  /**
   * One step; changes the parameters in place.
   *
   * @param parameters name to values
   * @param gradients name to gradient, the same names and lengths
   */
  public void step(Map<String, NativeFloats> parameters, Map<String, NativeFloats> gradients) {
    step(parameters, gradients, 1);
  }

  /** The same for an array by itself, which is changed in place; the name keeps its moments. */
  public void step(String name, float[] parameter, float[] gradient) {
    try (NativeFloats row = NativeFloats.of(parameter);
        NativeFloats slope = NativeFloats.of(gradient)) {
      step(Map.of(name, row), Map.of(name, slope));
      row.read(0, parameter);
    }
  }

  /** The same at a part of the learning rate: {@link Schedule#factor}. */
  public void step(
      Map<String, NativeFloats> parameters,
      Map<String, NativeFloats> gradients,
      double rateFactor) {
    steps++;
    double rate = settings.learningRate * rateFactor;
    float decay = (float) (1 - rate * settings.weightDecay);
    float beta2 = (float) settings.beta2;
    float weight1 = (float) (1 - settings.beta1);
    float weight2 = (float) (1 - settings.beta2);
    float epsilon = (float) settings.epsilon;
    float rootCorrection2 = (float) Math.sqrt(1 - Math.pow(settings.beta2, steps));
    float stepSize = (float) (rate / (1 - Math.pow(settings.beta1, steps)));
    parameters.forEach(
        (name, p) -> {
          NativeFloats g = gradients.get(name);
          if (g == null || g.size() != p.size()) {
            throw new IllegalArgumentException("no gradient of the length of " + name);
          }
          firstMoments.computeIfAbsent(name, n -> NativeFloats.zeros(p.size()));
          secondMoments.computeIfAbsent(name, n -> NativeFloats.zeros(p.size()));
        });
    // Each number by itself: in whatever order, the bits are the same.
    parameters.entrySet().parallelStream()
        .forEach(
            parameter -> {
              NativeFloats ps = parameter.getValue();
              NativeFloats gs = Objects.requireNonNull(gradients.get(parameter.getKey()));
              NativeFloats ms = Objects.requireNonNull(firstMoments.get(parameter.getKey()));
              NativeFloats vs = Objects.requireNonNull(secondMoments.get(parameter.getKey()));
              float[] p = new float[NativeFloats.BLOCK];
              float[] g = new float[NativeFloats.BLOCK];
              float[] m = new float[NativeFloats.BLOCK];
              float[] v = new float[NativeFloats.BLOCK];
              for (int from = 0; from < ps.size(); from += NativeFloats.BLOCK) {
                int count = ps.read(from, p);
                gs.read(from, g);
                ms.read(from, m);
                vs.read(from, v);
                for (int i = 0; i < count; i++) {
                  m[i] += weight1 * (g[i] - m[i]);
                  v[i] = v[i] * beta2 + weight2 * (g[i] * g[i]);
                  float denominator = (float) Math.sqrt(v[i]) / rootCorrection2 + epsilon;
                  p[i] = p[i] * decay - stepSize * (m[i] / denominator);
                }
                ps.write(from, p, count);
                ms.write(from, m, count);
                vs.write(from, v, count);
              }
            });
  }

  /** Steps taken so far. */
  public int steps() {
    return steps;
  }

  /** Name to running mean of the gradient; the optimizer's own rows. */
  public SortedMap<String, NativeFloats> firstMoments() {
    return firstMoments;
  }

  /** Name to running mean of the squared gradient; the optimizer's own rows. */
  public SortedMap<String, NativeFloats> secondMoments() {
    return secondMoments;
  }

  /** Frees the moments: no step can follow. */
  @Override
  public void close() {
    firstMoments.values().forEach(NativeFloats::close);
    secondMoments.values().forEach(NativeFloats::close);
  }

  /**
   * Scales all gradients together so that their joint Euclidean norm is at most {@code maxNorm}, as
   * {@code torch.nn.utils.clip_grad_norm_}; in place.
   *
   * @param maxNorm largest norm let through; 0 or less: no clipping
   * @return the norm before clipping, not finite if any gradient is not
   */
  public static double clip(Map<String, NativeFloats> gradients, double maxNorm) {
    float[] block = new float[NativeFloats.BLOCK];
    double squares = 0;
    for (NativeFloats g : new TreeMap<>(gradients).values()) {
      for (int from = 0; from < g.size(); from += NativeFloats.BLOCK) {
        int count = g.read(from, block);
        for (int i = 0; i < count; i++) {
          squares += (double) block[i] * block[i];
        }
      }
    }
    double norm = Math.sqrt(squares);
    float factor = (float) (maxNorm / (norm + 1e-6));
    if (maxNorm > 0 && factor < 1) {
      for (NativeFloats g : gradients.values()) {
        for (int from = 0; from < g.size(); from += NativeFloats.BLOCK) {
          int count = g.read(from, block);
          for (int i = 0; i < count; i++) {
            block[i] *= factor;
          }
          g.write(from, block, count);
        }
      }
    }
    return norm;
  }
}
