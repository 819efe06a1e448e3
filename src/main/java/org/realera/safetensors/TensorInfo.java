package org.realera.safetensors;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One entry of a safetensors header.
 *
 * @param name tensor name, e.g. {@code mid_block.attentions.0.proj_in.weight}
 * @param dtype element type as stored
 * @param shape sizes, outermost first; empty for a scalar
 */
public record TensorInfo(String name, DType dtype, List<Long> shape) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Number of elements; 1 for a scalar. */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Size in bytes as stored. */
  public long byteSize() {
    return Math.multiplyExact(elements(), dtype.bytes());
  }

  /** The shape as users read it: {@code [320, 768]}. */
  public String shapeText() {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
