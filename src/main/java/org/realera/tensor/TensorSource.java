package org.realera.tensor;

import ai.djl.ndarray.NDArray;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/** A tensor to be written, and where its bytes come from. */
public sealed interface TensorSource {

  /** Name, dtype and shape as they will stand in the file. */
  TensorInfo info();

  /** A tensor of another file, byte for byte. */
  static TensorSource stored(SafetensorsFile file, String name) {
    TensorInfo info = file.tensors().get(name);
    if (info == null) {
      throw SafetensorsFile.damaged(
          file.path(), "it has no tensor " + SafetensorsHeader.printable(name));
    }
    return new Stored(file, info);
  }

  /**
   * An array, borrowed until written. A floating array may be written as any floating {@code dtype}
   * (float32 rounded to nearest even); any other only as its own.
   */
  static TensorSource of(String name, DType dtype, NDArray values) {
    List<Long> shape = Arrays.stream(values.getShape().getShape()).boxed().toList();
    return new Array(new TensorInfo(name, dtype, shape), values);
  }

  /** Floats in row-major order, written as F32, F16 or BF16. */
  static TensorSource of(String name, DType dtype, List<Long> shape, float[] values) {
    TensorInfo info = new TensorInfo(name, dtype, shape);
    if (info.elements() != values.length) {
      throw new IllegalArgumentException(
          name + ": " + info.shapeText() + " needs other than " + values.length + " values");
    }
    return new Floats(info, FloatBuffer.wrap(values).asReadOnlyBuffer());
  }

  /** See {@link #stored}. */
  record Stored(SafetensorsFile file, TensorInfo info) implements TensorSource {}

  /** See {@link #of(String, DType, NDArray)}. */
  record Array(TensorInfo info, NDArray values) implements TensorSource {}

  /** See {@link #of(String, DType, List, float[])}. */
  record Floats(TensorInfo info, FloatBuffer values) implements TensorSource {}
}
