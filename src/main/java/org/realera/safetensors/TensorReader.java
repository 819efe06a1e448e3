package org.realera.safetensors;

import ai.djl.Device;
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
  /** Elements per piece when bytes are copied or widened: a tensor's may be more than 2 GiB. */
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
    boolean mappable =
        info.elements() > 0
            && info.dtype() != DType.BF16
            && position % info.dtype().bytes() == 0
            && info.byteSize() <= Integer.MAX_VALUE;
    if (!mappable) {
      return copy(source.channel(), position, info, scope);
    }
    ByteBuffer bytes = source.map(position, info.byteSize()).slice();
    return scope.create(bytes.order(ByteOrder.LITTLE_ENDIAN), shape(info), dataType(info.dtype()));
  }

  /**
   * The same without a mapping, whose pages would count as this process's memory until the file is
   * closed: for what is not kept as it lies. BF16 comes out as float32.
   */
  static NDArray copy(FileChannel channel, long position, TensorInfo info, NDManager scope)
      throws IOException {
    Shape shape = shape(info);
    if (info.elements() == 0) {
      return scope.create(shape, dataType(info.dtype()));
    }
    try (NDManager host = scope.newSubManager(Device.cpu())) {
      NDArray flat = host.create(new Shape(info.elements()), dataType(info.dtype()));
      for (long done = 0; done < info.elements(); done += PIECE) {
        long end = Math.min(done + PIECE, info.elements());
        NDArray piece = flat.get(new NDIndex("{}:{}", done, end));
        ByteBuffer memory = piece.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN);
        long from = position + done * info.dtype().bytes();
        if (info.dtype() == DType.BF16) {
          ByteBuffer half = ByteBuffer.allocate(memory.capacity() / 2);
          fill(channel, from, half);
          half.order(ByteOrder.LITTLE_ENDIAN);
          while (half.hasRemaining()) {
            memory.putInt(half.getShort() << 16);
          }
        } else {
          fill(channel, from, memory);
        }
        piece.close();
      }
      NDArray result = flat.reshape(shape).toDevice(scope.getDevice(), false);
      result.attach(scope);
      return result;
    }
  }

  private static void fill(FileChannel channel, long position, ByteBuffer bytes)
      throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("the file ended while being read");
      }
    }
    bytes.flip();
  }

  private static Shape shape(TensorInfo info) {
    return new Shape(info.shape().stream().mapToLong(Long::longValue).toArray());
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
