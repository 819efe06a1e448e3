package org.realera.safetensors;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.realera.RealeraException;
import org.realera.files.AtomicFile;
import org.realera.files.Json;

/**
 * Writes safetensors files, one tensor at a time, atomically: see {@link AtomicFile}. The same
 * input gives the same bytes.
 */
public final class SafetensorsWriter {
  private static final int CHUNK_ELEMENTS = 1 << 18;

  private SafetensorsWriter() {}

  /**
   * Writes a new file. Tensors keep their order, but wider types come first (as in the reference
   * implementation), so that each is aligned to its element size.
   *
   * @param metadata becomes {@code __metadata__} unless empty; in its iteration order
   * @throws RealeraException resources (disk full) or failed; nothing half-written stays behind
   */
  public static void write(
      Path file, Map<String, String> metadata, List<? extends TensorSource> tensors) {
    write(file, metadata, tensors, written -> {});
  }

  /**
   * The same, step by step.
   *
   * @param step called before each tensor with how many are written; may throw to give up
   */
  public static void write(
      Path file,
      Map<String, String> metadata,
      List<? extends TensorSource> tensors,
      IntConsumer step) {
    Set<String> names = new HashSet<>();
    for (TensorSource tensor : tensors) {
      if (!names.add(tensor.info().name()) || tensor.info().name().equals("__metadata__")) {
        throw new IllegalArgumentException("tensor name used twice: " + tensor.info().name());
      }
    }
    List<? extends TensorSource> ordered =
        tensors.stream().sorted(Comparator.comparingInt(t -> -t.info().dtype().bytes())).toList();
    AtomicFile.write(
        file,
        out -> {
          AtomicFile.writeFully(out, header(metadata, ordered));
          for (int i = 0; i < ordered.size(); i++) {
            step.accept(i);
            write(out, ordered.get(i));
          }
        });
  }

  /**
   * Copies a file with some of its tensors replaced; header, order and every other byte are kept.
   *
   * @param replaced tensors whose name, dtype and shape are those of the source
   * @throws RealeraException resources (disk full) or failed; nothing half-written stays behind
   */
  public static void rewrite(
      SafetensorsFile source, Map<String, ? extends TensorSource> replaced, Path target) {
    replaced.forEach(
        (name, tensor) -> {
          if (!tensor.info().equals(source.tensors().get(name))) {
            throw new IllegalArgumentException(
                "%s: %s can't replace %s"
                    .formatted(source.path(), tensor.info(), source.tensors().get(name)));
          }
        });
    AtomicFile.write(
        target,
        out -> {
          source.copyHeader(out);
          for (TensorInfo info : source.inFileOrder()) {
            TensorSource tensor = replaced.get(info.name());
            if (tensor == null) {
              source.copyBytes(info.name(), out);
            } else {
              write(out, tensor);
            }
          }
        });
  }

  private static ByteBuffer header(
      Map<String, String> metadata, List<? extends TensorSource> tensors) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.WRITER.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long position = 0;
      for (TensorSource tensor : tensors) {
        TensorInfo info = tensor.info();
        if (info.dtype() == DType.OTHER) {
          throw RealeraException.damaged(
              (tensor instanceof TensorSource.Stored stored ? stored.file() + ": " : "")
                  + "tensor "
                  + SafetensorsHeader.printable(info.name())
                  + " is "
                  + info.dtype().label()
                  + " and can't be copied",
              DType.REMEDY);
        }
        json.writeObjectFieldStart(info.name());
        json.writeStringField("dtype", info.dtype().label());
        json.writeFieldName("shape");
        writeNumbers(json, info.shape());
        json.writeFieldName("data_offsets");
        writeNumbers(json, List.of(position, position + info.byteSize()));
        json.writeEndObject();
        position += info.byteSize();
      }
      json.writeEndObject();
    }
    while (bytes.size() % 8 != 0) {
      bytes.write(' ');
    }
    ByteBuffer header = ByteBuffer.allocate(Long.BYTES + bytes.size());
    header.order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.size()).put(bytes.toByteArray());
    return header.flip();
  }

  private static void writeNumbers(JsonGenerator json, List<Long> numbers) throws IOException {
    json.writeStartArray();
    for (long number : numbers) {
      json.writeNumber(number);
    }
    json.writeEndArray();
  }

  private static void write(FileChannel out, TensorSource tensor) throws IOException {
    long start = out.position();
    if (tensor instanceof TensorSource.Stored stored) {
      stored.file().range(stored).copyTo(out);
    } else if (tensor instanceof TensorSource.Joined joined) {
      for (TensorSource part : joined.parts()) {
        write(out, part);
      }
    } else if (tensor instanceof TensorSource.Converted converted) {
      writeConverted(out, converted);
    } else if (tensor instanceof TensorSource.Floats floats) {
      writeFloats(out, floats.info(), floats.values().duplicate());
    } else if (tensor instanceof TensorSource.Array array) {
      writeArray(out, array.info(), array.values());
    }
    long written = out.position() - start;
    if (written != tensor.info().byteSize()) {
      throw new IllegalStateException("%s: wrote %s bytes".formatted(tensor.info(), written));
    }
  }

  private static void writeConverted(FileChannel out, TensorSource.Converted tensor)
      throws IOException {
    DType from = tensor.source().info().dtype();
    TensorInfo info = tensor.info();
    try {
      tensor
          .source()
          .forEachChunk(
              bytes -> {
                int count = bytes.remaining() / from.bytes();
                ByteBuffer chunk =
                    ByteBuffer.allocate(count * info.dtype().bytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < count; i++) {
                  put(chunk, info, (float) HalfFloats.element(from, bytes, i));
                }
                try {
                  AtomicFile.writeFully(out, chunk.flip());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void writeArray(FileChannel out, TensorInfo info, NDArray values)
      throws IOException {
    DataType type = values.getDataType();
    boolean narrow = info.dtype() == DType.F16 || info.dtype() == DType.BF16;
    if (type.isFloating()
        && info.dtype().isFloating()
        && !type.name().equals(dataTypeName(info.dtype()))) {
      DataType between = info.dtype() == DType.F64 ? DataType.FLOAT64 : DataType.FLOAT32;
      try (NDArray converted = values.toType(between, true)) {
        if (narrow) {
          writeFloats(out, info, bytes(converted).asFloatBuffer());
        } else {
          AtomicFile.writeFully(out, bytes(converted));
        }
      }
    } else if (type.name().equals(dataTypeName(info.dtype()))) {
      AtomicFile.writeFully(out, bytes(values));
    } else {
      throw new IllegalArgumentException(
          "%s: can't write %s as %s".formatted(info.name(), type, info.dtype()));
    }
  }

  private static ByteBuffer bytes(NDArray values) {
    if (values.getDevice().isGpu()) {
      try (NDArray local = values.toDevice(Device.cpu(), true)) {
        return local.toByteBuffer().order(ByteOrder.nativeOrder());
      }
    }
    return values.toByteBuffer().order(ByteOrder.nativeOrder());
  }

  private static String dataTypeName(DType dtype) {
    return switch (dtype) {
      case BOOL -> "BOOLEAN";
      case U8 -> "UINT8";
      case I32 -> "INT32";
      case I64 -> "INT64";
      case F16 -> "FLOAT16";
      case BF16 -> "BFLOAT16";
      case F32 -> "FLOAT32";
      case F64 -> "FLOAT64";
      default -> throw new IllegalArgumentException("no array is " + dtype);
    };
  }

  private static void writeFloats(FileChannel out, TensorInfo info, FloatBuffer values)
      throws IOException {
    ByteBuffer chunk =
        ByteBuffer.allocate(Math.min(values.remaining(), CHUNK_ELEMENTS) * info.dtype().bytes())
            .order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      chunk.clear();
      while (values.hasRemaining() && chunk.hasRemaining()) {
        put(chunk, info, values.get());
      }
      AtomicFile.writeFully(out, chunk.flip());
    }
  }

  private static void put(ByteBuffer chunk, TensorInfo info, float value) {
    boolean fits = true;
    switch (info.dtype()) {
      case F32 -> chunk.putFloat(value);
      case F16 -> {
        short bits = HalfFloats.toF16(value);
        fits = HalfFloats.isFiniteF16(bits) || !Float.isFinite(value);
        chunk.putShort(bits);
      }
      case BF16 -> {
        short bits = HalfFloats.toBf16(value);
        fits = HalfFloats.isFiniteBf16(bits) || !Float.isFinite(value);
        chunk.putShort(bits);
      }
      default -> throw new IllegalArgumentException(info.name() + ": floats as " + info.dtype());
    }
    if (!fits) {
      throw new RealeraException(
          RealeraException.Kind.FAILED,
          "tensor %s: %s is too large for %s".formatted(info.name(), value, info.dtype()),
          "Use the fp32 weights of this model.");
    }
  }
}
