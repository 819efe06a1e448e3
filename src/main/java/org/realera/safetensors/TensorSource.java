package org.realera.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
   * Tensors of one dtype, their elements one after the other.
   *
   * @param shape of as many elements as the parts have together
   */
  static TensorSource joined(String name, List<Long> shape, List<? extends TensorSource> parts) {
    TensorInfo info = new TensorInfo(name, parts.get(0).info().dtype(), shape);
    long elements = 0;
    for (TensorSource part : parts) {
      elements += part.info().elements();
      if (part.info().dtype() != info.dtype()) {
        throw new IllegalArgumentException(part.info() + " can't be part of " + info);
      }
    }
    if (elements != info.elements()) {
      throw new IllegalArgumentException(info + " needs other than " + elements + " elements");
    }
    return new Joined(List.copyOf(parts), info);
  }

  /**
   * A tensor of a file, or some of its elements that lie together, byte for byte.
   *
   * @param storedName what the tensor is called in {@code file}
   * @param first the element of that tensor that is the first of this one
   * @param info what it shall be called and which shape it shall have, in the dtype of the file
   */
  record Stored(SafetensorsFile file, String storedName, long first, TensorInfo info)
      implements TensorSource {

    /** The same bytes under another name, and in another shape of as many elements. */
    public Stored as(String name, List<Long> shape) {
      TensorInfo renamed = new TensorInfo(name, info.dtype(), shape);
      if (renamed.elements() != info.elements()) {
        throw new IllegalArgumentException(info + " can't be seen as " + renamed);
      }
      return new Stored(file, storedName, first, renamed);
    }

    /** Some of the elements, from {@code from} on: as many as {@code shape} has. */
    public Stored part(long from, String name, List<Long> shape) {
      TensorInfo part = new TensorInfo(name, info.dtype(), shape);
      if (from < 0 || from + part.elements() > info.elements()) {
        throw new IllegalArgumentException(part + " is no part of " + info + " from " + from);
      }
      return new Stored(file, storedName, first + from, part);
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

    /** Reads it as {@link Weights#read} does. */
    public NDArray read(NDManager scope) {
      return file.read(this, scope);
    }

    /**
     * Reads it as {@link #read} does, but into memory of its own, never mapped: what is cast or
     * moved next leaves nothing behind.
     */
    public NDArray copy(NDManager scope) {
      return file.copy(this, scope);
    }

    /**
     * Some of the elements' bytes, little endian, in a buffer of their own.
     *
     * @throws IndexOutOfBoundsException if it has no such elements
     */
    public ByteBuffer readElements(long from, int count) {
      if (from < 0 || from + count > info.elements()) {
        throw new IndexOutOfBoundsException(info.name() + ": " + from + " and " + count + " more");
      }
      int width = info.dtype().bytes();
      return file.range(this).read(from * width, Math.multiplyExact(count, width));
    }

    /** Hands the bytes to {@code sink}: see {@link SafetensorsFile#forEachChunk}. */
    public void forEachChunk(Consumer<ByteBuffer> sink) {
      file.range(this).forEachChunk(sink);
    }
  }

  /** See {@link Stored#as(DType)}. */
  record Converted(Stored source, TensorInfo info) implements TensorSource {}

  /** See {@link #joined}. */
  record Joined(List<TensorSource> parts, TensorInfo info) implements TensorSource {}

  /** See {@link #of(String, DType, NDArray)}. */
  record Array(TensorInfo info, NDArray values) implements TensorSource {}

  /** See {@link #of(String, DType, List, float[])}. */
  record Floats(TensorInfo info, FloatBuffer values) implements TensorSource {}
}
