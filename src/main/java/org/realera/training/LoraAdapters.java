package org.realera.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;

/**
 * Low-rank additions to linear layers, W' = W + (alpha / r) B A (Hu et al. 2021), in float32 on the
 * CPU whatever the network computes in.
 *
 * <p>Names are those of diffusers and PEFT: {@code <module>.lora_A} [r, in] and {@code
 * <module>.lora_B} [out, r]. They start as PEFT's {@code init_lora_weights="gaussian"}: A from N(0,
 * (1/r)^2), B zero, so that an untrained adapter changes nothing.
 */
public final class LoraAdapters {
  private static final String A = Edits.LORA_A;
  private static final String B = Edits.LORA_B;

  private final int rank;
  private final double alpha;
  private final SortedMap<String, Shape> shapes = new TreeMap<>();
  private final SortedMap<String, float[]> parameters = new TreeMap<>();

  private LoraAdapters(int rank, double alpha) {
    this.rank = rank;
    this.alpha = alpha;
  }

  /**
   * Fresh adapters for every linear layer whose name ends in one of {@code targets}.
   *
   * @param unet the network's tensors by name
   * @param targets module name endings, e.g. {@code attn2.to_k}
   * @param seed decides A; each module has a stream of its own
   * @throws RealeraException (usage) if a target names no linear layer
   */
  public static LoraAdapters init(
      Map<String, TensorInfo> unet, List<String> targets, int rank, double alpha, long seed) {
    LoraAdapters adapters = new LoraAdapters(rank, alpha);
    try (NDManager manager = NDManager.newBaseManager()) {
      for (String module : modules(unet, targets)) {
        List<Long> size = Objects.requireNonNull(unet.get(module + Edits.WEIGHT)).shape();
        Shape a = new Shape(rank, size.get(1));
        Noise noise = new Noise(Noise.derive(seed, "lora_A " + module, 0));
        float[] values = noise.normal(manager, a).toFloatArray();
        for (int i = 0; i < values.length; i++) {
          values[i] /= rank;
        }
        adapters.put(module + A, a, values);
        Shape b = new Shape(size.get(0), rank);
        adapters.put(module + B, b, new float[Math.toIntExact(b.size())]);
      }
    }
    return adapters;
  }

  private static List<String> modules(Map<String, TensorInfo> unet, List<String> targets) {
    Set<String> modules = new LinkedHashSet<>(); // a layer may be meant twice
    for (String target : targets) {
      List<String> found =
          new TreeMap<>(unet)
              .values().stream()
                  .filter(t -> t.shape().size() == 2)
                  .map(TensorInfo::name)
                  .filter(n -> n.endsWith(Edits.WEIGHT) && n.contains(".transformer_blocks."))
                  .map(Edits::module)
                  .filter(n -> n.equals(target) || n.endsWith("." + target))
                  .toList();
      if (found.isEmpty()) {
        throw RealeraException.usage(
            "alignment.targets has \""
                + target
                + "\", but the U-Net's transformers have no linear layer of that name",
            "Name the end of a module, e.g. attn2.to_k");
      }
      modules.addAll(found);
    }
    return List.copyOf(modules);
  }

  private void put(String name, Shape shape, float[] values) {
    shapes.put(name, shape);
    parameters.put(name, values);
  }

  public int rank() {
    return rank;
  }

  /** alpha / r, the factor of B A. */
  public double scale() {
    return alpha / rank;
  }

  /** Name to values; the adapters' own arrays, which a trainer changes in place. */
  public SortedMap<String, float[]> parameters() {
    return parameters;
  }

  /** Name to shape. */
  public SortedMap<String, Shape> shapes() {
    return shapes;
  }

  /** The modules that have an adapter, in order. */
  public List<String> modules() {
    return parameters.keySet().stream().filter(n -> n.endsWith(A)).map(Edits::module).toList();
  }

  /**
   * Edits that add these adapters to others.
   *
   * @param base replaced weights, kept as they are; borrowed
   * @param scope owns the adapters' tensors and says on which device they are
   */
  public Edits edits(Edits base, NDManager scope) {
    Map<String, NDArray> tensors = new TreeMap<>();
    parameters.forEach((name, values) -> tensors.put(name, scope.create(values, shapes.get(name))));
    return base.with(tensors, scale());
  }

  /**
   * The adapters folded into weights: W' = W + (alpha / r) B A in float32 on the CPU (Algorithm 1,
   * line 31).
   *
   * @param edited full tensor name to W [out, in] where a method has changed it already, fp32 on
   *     the CPU, borrowed
   * @param original the network's weights, for all other modules; borrowed
   * @param scope owns the merged weights; a manager of the CPU
   * @return {@code edited} with W' for every module that has an adapter
   */
  public Map<String, NDArray> merge(
      Map<String, NDArray> edited, Weights original, NDManager scope) {
    Map<String, NDArray> merged = new TreeMap<>(edited);
    for (String module : modules()) {
      String name = module + Edits.WEIGHT;
      try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
        NDArray w = edited.get(name);
        if (w == null) {
          w = original.read(name, inner).toType(DataType.FLOAT32, false);
        }
        NDArray low = inner.create(parameters.get(module + A), shapes.get(module + A));
        NDArray high = inner.create(parameters.get(module + B), shapes.get(module + B));
        NDArray sum = w.add(high.matMul(low).mul((float) scale()));
        sum.attach(scope);
        merged.put(name, sum);
      }
    }
    return merged;
  }
}
