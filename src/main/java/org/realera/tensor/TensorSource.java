package org.realera.tensor;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A tensor to be written, and where its bytes come from. */
public sealed interface TensorSource {

  /** Name, dtype and shape as they will stand in the file. */
  TensorInfo info();

  /** A tensor of another file, byte for byte. */
  static TensorSource stored(SafetensorsFile file, String name) {
    return file.stored(name);
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

  /**
   * A tensor of a file, byte for byte.
   *
   * @param storedName what the tensor is called in {@code file}
   * @param info what it shall be called and which shape it shall have, in the dtype of the file
   */
  record Stored(SafetensorsFile file, String storedName, TensorInfo info) implements TensorSource {

    /** The same bytes under another name, and in another shape of as many elements. */
    public Stored as(String name, List<Long> shape) {
      TensorInfo renamed = new TensorInfo(name, info.dtype(), shape);
      if (renamed.elements() != info.elements()) {
        throw new IllegalArgumentException(info + " can't be seen as " + renamed);
      }
      return new Stored(file, storedName, renamed);
    }

    /**
     * The same values in another floating type, rounded to nearest even; itself if that is its own,
     * or if it does not hold floats.
     */
    public TensorSource as(DType dtype) {
      return dtype == info.dtype() || !info.dtype().isFloating()
          ? this
          : new Converted(this, new TensorInfo(info.name(), dtype, info.shape()));
    }

    /** Some of the elements' bytes, little endian: see {@link SafetensorsFile#readElements}. */
    public ByteBuffer readElements(long first, int count) {
      return file.readElements(storedName, first, count);
    }

    /** Hands the bytes to {@code sink}: see {@link SafetensorsFile#forEachChunk}. */
    public void forEachChunk(Consumer<ByteBuffer> sink) {
      file.forEachChunk(storedName, sink);
    }
  }

  /** See {@link Stored#as(DType)}. */
  record Converted(Stored source, TensorInfo info) implements TensorSource {}

  /** See {@link #of(String, DType, NDArray)}. */
  record Array(TensorInfo info, NDArray values) implements TensorSource {}

  /** See {@link #of(String, DType, List, float[])}. */
  record Floats(TensorInfo info, FloatBuffer values) implements TensorSource {}
}
