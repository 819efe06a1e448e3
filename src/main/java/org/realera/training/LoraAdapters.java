package org.realera.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.realera.RealeraException;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.NativeFloats;
import org.realera.tensor.Noise;

/**
 * Low-rank additions to linear layers and convolutions, W' = W + (alpha / r) B A (Hu et al. 2021),
 * in float32 on the CPU whatever the network computes in.
 *
 * <p>Names and shapes are those of diffusers and PEFT: {@code <module>.lora_A} [r, in] and {@code
 * <module>.lora_B} [out, r], of a convolution [r, in, kh, kw] and [out, r, 1, 1]. B starts as zero,
 * so that an untrained adapter changes nothing.
 */
public final class LoraAdapters implements Trainable {
  private static final String A = Edits.LORA_A;
  private static final String B = Edits.LORA_B;

  private final int rank;
  private final double alpha;
  private final SortedMap<String, Shape> shapes = new TreeMap<>();
  private final SortedMap<String, NativeFloats> parameters = new TreeMap<>();

  private LoraAdapters(int rank, double alpha) {
    this.rank = rank;
    this.alpha = alpha;
  }

  /** How A starts. */
  public enum Start {
    /** N(0, (1/r)^2), PEFT's {@code init_lora_weights="gaussian"}. */
    GAUSSIAN,
    /**
     * U(-b, b) with b = 1 / sqrt(fan-in), {@code kaiming_uniform_(a=sqrt(5))}, as torch's layers.
     */
    KAIMING
  }

  /**
   * Fresh adapters for every linear layer of the transformers whose name ends in one of {@code
   * targets}.
   *
   * @param unet the network's tensors by name
   * @param targets module name endings, e.g. {@code attn2.to_k}
   * @param seed decides A; each module has a stream of its own
   * @throws RealeraException (usage) if a target names no linear layer
   */
  public static LoraAdapters init(
      Map<String, TensorInfo> unet, List<String> targets, int rank, double alpha, long seed) {
    return init(unet, modules(unet, targets), rank, alpha, Start.GAUSSIAN, seed);
  }

  /**
   * Fresh adapters for every linear layer and convolution that is chosen.
   *
   * @param unet the network's tensors by name
   * @param chosen tells by the module's name, {@code mid_block.resnets.0.conv1}
   * @param seed decides A; each module has a stream of its own
   * @throws RealeraException (damaged) if none is chosen
   */
  public static LoraAdapters init(
      Map<String, TensorInfo> unet,
      Predicate<String> chosen,
      int rank,
      double alpha,
      Start start,
      long seed) {
    List<String> modules =
        new TreeMap<>(unet)
            .values().stream()
                .filter(t -> t.name().endsWith(Edits.WEIGHT))
                .filter(t -> t.shape().size() == 2 || t.shape().size() == 4)
                .map(t -> Edits.module(t.name()))
                .filter(chosen)
                .toList();
    if (modules.isEmpty()) {
      throw RealeraException.damaged(
          "the U-Net has none of the layers that adapters are for",
          "Use a Stable Diffusion 1.x or 2.x model in the diffusers layout.");
    }
    return init(unet, modules, rank, alpha, start, seed);
  }

  private static LoraAdapters init(
      Map<String, TensorInfo> unet,
      List<String> modules,
      int rank,
      double alpha,
      Start start,
      long seed) {
    LoraAdapters adapters = new LoraAdapters(rank, alpha);
    try (NDManager manager = NDManager.newBaseManager()) {
      for (String module : modules) {
        long[] size =
            Objects.requireNonNull(unet.get(module + Edits.WEIGHT)).shape().stream()
                .mapToLong(Long::longValue)
                .toArray();
        long[] a = size.clone();
        a[0] = rank;
        Noise noise = new Noise(Noise.derive(seed, "lora_A " + module, 0));
        adapters.put(module + A, new Shape(a), start(noise, new Shape(a), start, manager));
        long[] b = new long[size.length];
        Arrays.fill(b, 1);
        b[0] = size[0];
        b[1] = rank;
        adapters.put(module + B, new Shape(b), new float[Math.toIntExact(size[0] * rank)]);
      }
    }
    return adapters;
  }

  private static float[] start(Noise noise, Shape a, Start start, NDManager manager) {
    long rank = a.get(0);
    if (start == Start.KAIMING) {
      double bound = Math.sqrt((double) rank / a.size());
      return noise.uniform(manager, -bound, bound, a).toFloatArray();
    }
    float[] values = noise.normal(manager, a).toFloatArray();
    for (int i = 0; i < values.length; i++) {
      values[i] /= rank;
    }
    return values;
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
    parameters.put(name, NativeFloats.of(values));
  }

  public int rank() {
    return rank;
  }

  /** alpha / r, the factor of B A. */
  public double scale() {
    return alpha / rank;
  }

  @Override
  public SortedMap<String, NativeFloats> parameters() {
    return parameters;
  }

  /** Name to values, copied. */
  public SortedMap<String, float[]> values() {
    SortedMap<String, float[]> values = new TreeMap<>();
    parameters.forEach((name, row) -> values.put(name, row.toArray()));
    return values;
  }

  @Override
  public SortedMap<String, Shape> shapes() {
    return shapes;
  }

  /** The modules that have an adapter, in order. */
  public List<String> modules() {
    return parameters.keySet().stream().filter(n -> n.endsWith(A)).map(Edits::module).toList();
  }

  /** These adapters over others; their scale is the edits'. */
  @Override
  public Edits edits(Edits base, NDManager scope) {
    Map<String, NDArray> tensors = new TreeMap<>();
    parameters.forEach(
        (name, values) ->
            tensors.put(name, values.tensor(Objects.requireNonNull(shapes.get(name)), scope)));
    return base.with(tensors, scale());
  }

  /**
   * What an adapter adds to its layer's weight, (alpha / r) B A.
   *
   * @param module one of {@link #modules}
   * @return shaped as the weight, fp32 on the CPU, owned by {@code scope}
   */
  public NDArray delta(String module, NDManager scope) {
    Shape a = Objects.requireNonNull(shapes.get(module + A));
    Shape b = Objects.requireNonNull(shapes.get(module + B));
    long[] weight = a.getShape().clone();
    weight[0] = b.get(0);
    try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
      NDArray low = row(module + A).tensor(new Shape(rank, a.size() / rank), inner);
      NDArray high = row(module + B).tensor(new Shape(b.get(0), rank), inner);
      NDArray delta = high.matMul(low).mul((float) scale()).reshape(new Shape(weight));
      delta.attach(scope);
      return delta;
    }
  }

  private NativeFloats row(String name) {
    return Objects.requireNonNull(parameters.get(name));
  }

  /**
   * The adapters folded into weights: W' = W + (alpha / r) B A in float32 on the CPU (Algorithm 1,
   * line 31). Those of several trainings add up when each is given what the one before made.
   */
  @Override
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
        NDArray sum = w.add(delta(module, inner));
        sum.attach(scope);
        merged.put(name, sum);
      }
    }
    return merged;
  }
}
