package org.realera.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes arrays from a file's bytes: mapped where the engine can take them as they lie. */
final class TensorReader {
  /** Elements per piece when bytes have to be copied or widened. */
  private static final int PIECE = 4 << 20;

  private TensorReader() {}

  /**
   * An open file and its mappings. They are kept until the file is closed: libtorch may hold a
   * mapped tensor after Java has forgotten the array.
   */
  record Source(FileChannel channel, Map<Range, ByteBuffer> mappings) {
    /** What is mapped. */
    record Range(long position, long size) {}

    Source(FileChannel channel) {
      this(channel, new ConcurrentHashMap<>());
    }

    ByteBuffer map(long position, long size) throws IOException {
      Range range = new Range(position, size);
      ByteBuffer mapping = mappings.get(range);
      if (mapping == null) {
        mapping = channel.map(MapMode.READ_ONLY, position, size);
        mappings.put(range, mapping);
      }
      return mapping;
    }
  }

  /**
   * Reads one tensor.
   *
   * @param position its first byte in {@code source}
   * @param info its dtype and shape; BF16 comes out as float32
   * @return the tensor on the device of {@code scope}, which owns it
   */
  static NDArray read(Source source, long position, TensorInfo info, NDManager scope)
      throws IOException {
    Shape shape = new Shape(info.shape().stream().mapToLong(Long::longValue).toArray());
    DataType type = dataType(info.dtype());
    if (info.elements() == 0) {
      return scope.create(shape, type);
    }
    boolean mappable =
        info.dtype() != DType.BF16
            && position % info.dtype().bytes() == 0
            && info.byteSize() <= Integer.MAX_VALUE;
    if (!mappable) {
      return copy(source.channel(), position, info, shape, scope);
    }
    ByteBuffer bytes = source.map(position, info.byteSize()).slice();
    return scope.create(bytes.order(ByteOrder.LITTLE_ENDIAN), shape, type);
  }

  /** Copies piece by piece into memory of libtorch, so that Java's direct memory stays small. */
  private static NDArray copy(
      FileChannel channel, long position, TensorInfo info, Shape shape, NDManager scope)
      throws IOException {
    long elements = info.elements();
    int width = info.dtype().bytes();
    boolean widen = info.dtype() == DType.BF16;
    int outWidth = widen ? Float.BYTES : width;
    int pieceElements = (int) Math.min(elements, PIECE);
    ByteBuffer raw = direct(pieceElements * width);
    ByteBuffer wide = widen ? direct(pieceElements * outWidth) : raw;
    NDArray result = scope.create(new Shape(elements), dataType(info.dtype()));
    for (long done = 0; done < elements; done += pieceElements) {
      int count = (int) Math.min(pieceElements, elements - done);
      raw.clear().limit(count * width);
      while (raw.hasRemaining()) {
        if (channel.read(raw, position + done * width + raw.position()) < 0) {
          throw new EOFException("the file ended while being read");
        }
      }
      raw.flip();
      if (widen) {
        for (int i = 0; i < count; i++) {
          wide.putInt(i * Float.BYTES, raw.getShort(i * Short.BYTES) << 16);
        }
      }
      try (NDManager pieceScope = scope.newSubManager()) {
        ByteBuffer bytes = wide.slice(0, count * outWidth).order(ByteOrder.LITTLE_ENDIAN);
        NDArray piece = pieceScope.create(bytes, new Shape(count), dataType(info.dtype()));
        result.set(new NDIndex("{}:{}", done, done + count), piece);
      }
    }
    NDArray shaped = result.reshape(shape);
    result.close();
    return shaped;
  }

  private static ByteBuffer direct(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static DataType dataType(DType dtype) {
    return switch (dtype) {
      case BOOL -> DataType.BOOLEAN;
      case U8 -> DataType.UINT8;
      case I32 -> DataType.INT32;
      case I64 -> DataType.INT64;
      case F16 -> DataType.FLOAT16;
      case BF16, F32 -> DataType.FLOAT32;
      case F64 -> DataType.FLOAT64;
      default -> throw new IllegalArgumentException("no array is " + dtype);
    };
  }
}
