package org.realera.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.realera.RealeraException;
import org.realera.files.Sizes;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.NativeFloats;

/**
 * Weights and biases of a network that are trained themselves, in float32 on the CPU. With AdamW
 * they take sixteen bytes for each number outside Java's heap, on a GPU four more there.
 */
public final class WholeWeights implements Trainable, AutoCloseable {
  /**
   * Rows that are held at once: the numbers, their gradients, AdamW's two moments, and gradients as
   * libtorch hands them over.
   */
  private static final int COPIES = 5;

  /** How much of the memory they may fill. */
  private static final double FULL = 0.9;

  private final SortedMap<String, Shape> shapes = new TreeMap<>();
  private final SortedMap<String, NativeFloats> parameters = new TreeMap<>();

  private WholeWeights() {}

  /**
   * Copies the tensors that a training changes.
   *
   * @param original the network's weights, borrowed
   * @param edited values to begin with where a method has changed them already, fp32, borrowed
   * @param chosen tells by its full name, with {@code .weight} or {@code .bias}, if a tensor is
   *     trained; see {@link #CROSS_ATTENTION}
   * @throws RealeraException (damaged) if none is
   */
  public static WholeWeights of(
      Weights original, Map<String, NDArray> edited, Predicate<String> chosen) {
    WholeWeights whole = new WholeWeights();
    whole.shapes.putAll(shapes(original, chosen));
    for (String name : whole.shapes.keySet()) {
      try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        NDArray start = edited.get(name);
        if (start == null) {
          start = original.read(name, scope);
        }
        whole.parameters.put(name, NativeFloats.copyOf(start));
      }
    }
    if (whole.parameters.isEmpty()) {
      throw RealeraException.damaged(
          original.source() + ": it has none of the tensors that are to be trained",
          "Use a Stable Diffusion 1.x or 2.x model in the diffusers layout.");
    }
    return whole;
  }

  /**
   * How many numbers {@link #of} would copy.
   *
   * @param original the network's weights, borrowed
   * @param chosen as {@link #of} takes it; may choose none
   */
  public static long numbers(Weights original, Predicate<String> chosen) {
    return shapes(original, chosen).values().stream().mapToLong(Shape::size).sum();
  }

  /** Name to shape of what {@link #of} would copy; arguments as {@link #numbers}. */
  public static SortedMap<String, Shape> shapes(Weights original, Predicate<String> chosen) {
    SortedMap<String, Shape> shapes = new TreeMap<>();
    for (TensorInfo info : original.tensors().values()) {
      if (info.dtype().isFloating() && chosen.test(info.name())) {
        shapes.put(info.name(), new Shape(info.shape()));
      }
    }
    return shapes;
  }

  /**
   * Finds before anything takes time whether the machine can hold the numbers that will be trained
   * and what is kept of each.
   *
   * @param memory all that the machine, or the container, has, in bytes
   * @throws RealeraException (resources) if it can't
   */
  public static void requireMemory(long numbers, long memory) {
    long needed = numbers * COPIES * Float.BYTES;
    if (needed > memory * FULL) {
      throw new RealeraException(
          RealeraException.Kind.RESOURCES,
          String.format(
              Locale.ROOT,
              "to train %,d numbers takes %s of memory beside the model, and this machine has %s",
              numbers,
              Sizes.text(needed),
              Sizes.text(memory)),
          "Use a machine with more, or a method that trains less: see --method.");
    }
  }

  /** What saved steps of so many numbers take on disk while one replaces another: AdamW's state. */
  public static long savedBytes(long numbers) {
    return 2 * 3 * Float.BYTES * numbers;
  }

  /** Tensors of the cross-attention, q, k, v and out: ESD-x. */
  public static final Predicate<String> CROSS_ATTENTION = name -> name.contains(".attn2.");

  /** All others but those of the output layers and the time embedding: ESD-u. */
  public static final Predicate<String> NOT_CROSS_ATTENTION =
      CROSS_ATTENTION
          .or(name -> name.startsWith("conv_norm_out.") || name.startsWith("conv_out."))
          .or(name -> name.startsWith("time_embedding."))
          .negate();

  @Override
  public SortedMap<String, NativeFloats> parameters() {
    return parameters;
  }

  @Override
  public SortedMap<String, Shape> shapes() {
    return shapes;
  }

  @Override
  public Edits edits(Edits base, NDManager scope) {
    return base.with(tensors(scope), base.loraScale());
  }

  @Override
  public Map<String, NDArray> merge(
      Map<String, NDArray> edited, Weights original, NDManager scope) {
    Map<String, NDArray> merged = new TreeMap<>(edited);
    merged.putAll(tensors(scope));
    return merged;
  }

  /** Frees the numbers; tensors that were made of them stay. */
  @Override
  public void close() {
    parameters.values().forEach(NativeFloats::close);
  }

  private Map<String, NDArray> tensors(NDManager scope) {
    Map<String, NDArray> tensors = new TreeMap<>();
    parameters.forEach(
        (name, values) ->
            tensors.put(name, values.tensor(Objects.requireNonNull(shapes.get(name)), scope)));
    return tensors;
  }
}
