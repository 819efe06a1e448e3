package org.realera.diffusion;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.tensor.Edits;

/**
 * SPM's adapters of one concept (Lyu et al., CVPR 2024), by the names of {@link Edits}: {@code
 * module.lora_A} [r, in] or [r, in, kh, kw], {@code module.lora_B} [out, r] or [out, r, 1, 1].
 *
 * @param prompts what was erased; of several, the one nearest to a prompt counts
 * @param scale alpha / r, the factor of B A
 * @param parameters name to values, fp32; not copied
 * @param shapes name to shape
 */
public record Membrane(
    List<String> prompts,
    double scale,
    SortedMap<String, float[]> parameters,
    SortedMap<String, Shape> shapes) {

  /** Values row by row, and how they stand. */
  @SuppressWarnings("ArrayRecordComponent") // goes to a tensor as it is
  record Tensor(Shape shape, float[] values) {}

  /**
   * Adapters side by side: of each module A_1, A_2 ... are one A of rank r_1 + r_2 ..., the B like
   * it, so that B A = sum_i factor_i B_i A_i.
   *
   * @param membranes of the same modules
   * @param factors one for each, which goes into its A
   */
  static SortedMap<String, Tensor> together(List<Membrane> membranes, List<Double> factors) {
    SortedMap<String, Tensor> together = new TreeMap<>();
    for (String name : membranes.get(0).shapes.keySet()) {
      List<Tensor> parts = new ArrayList<>();
      for (int i = 0; i < membranes.size(); i++) {
        Tensor part = membranes.get(i).tensor(name);
        boolean down = name.endsWith(Edits.LORA_A);
        parts.add(down ? scaled(part, factors.get(i).floatValue()) : part);
      }
      together.put(name, joined(parts, name.endsWith(Edits.LORA_A) ? 0 : 1));
    }
    return together;
  }

  private Tensor tensor(String name) {
    return new Tensor(
        Objects.requireNonNull(shapes.get(name)), Objects.requireNonNull(parameters.get(name)));
  }

  private static Tensor scaled(Tensor tensor, float factor) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return new Tensor(tensor.shape(), values);
  }

  /** One behind the other along an axis, 0 or 1. */
  private static Tensor joined(List<Tensor> parts, int axis) {
    long[] shape = parts.get(0).shape().getShape().clone();
    shape[axis] = parts.stream().mapToLong(part -> part.shape().get(axis)).sum();
    int blocks = axis == 0 ? 1 : Math.toIntExact(shape[0]);
    float[] all = new float[parts.stream().mapToInt(part -> part.values().length).sum()];
    int at = 0;
    for (int block = 0; block < blocks; block++) {
      for (Tensor part : parts) {
        int size = part.values().length / blocks;
        System.arraycopy(part.values(), block * size, all, at, size);
        at += size;
      }
    }
    return new Tensor(new Shape(shape), all);
  }

  /**
   * The other way: one of {@code count} equal parts along an axis.
   *
   * @param tensor whose axis is a multiple of {@code count}
   */
  static Tensor part(Tensor tensor, int axis, int index, int count) {
    long[] shape = tensor.shape().getShape().clone();
    shape[axis] /= count;
    int blocks = axis == 0 ? 1 : Math.toIntExact(shape[0]);
    float[] values = new float[tensor.values().length / count];
    int size = values.length / blocks;
    for (int block = 0; block < blocks; block++) {
      System.arraycopy(tensor.values(), (block * count + index) * size, values, block * size, size);
    }
    return new Tensor(new Shape(shape), values);
  }

  /** What is erased, in words. */
  String concept() {
    return String.join(", ", prompts);
  }

  /** The modules that it adapts, in order. */
  List<String> modules() {
    return shapes.keySet().stream()
        .filter(name -> name.endsWith(Edits.LORA_A))
        .map(Edits::module)
        .toList();
  }
}
