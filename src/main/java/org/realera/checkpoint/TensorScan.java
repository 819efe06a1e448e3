package org.realera.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.files.Digests;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/**
 * What needs every byte of a component: fingerprints and the search for NaN. Streams, in parallel.
 */
final class TensorScan {
  private TensorScan() {}

  /**
   * SHA-256 over the wanted tensors in the order of their names; each counts by the SHA-256 of its
   * name, dtype, shape and bytes, so neither file order nor sharding matters.
   */
  static byte[] digest(Weights weights, Predicate<String> names) {
    return digest(weights, names, tensor -> bytes -> {});
  }

  /**
   * The same of tensors that must be finite, in one pass over them.
   *
   * @throws RealeraException as {@link #requireFinite}
   */
  static byte[] digestOfFinite(Weights weights, Predicate<String> names) {
    return digest(weights, names, TensorScan::finiteCheck);
  }

  private static byte[] digest(
      Weights weights,
      Predicate<String> names,
      Function<TensorSource.Stored, Consumer<ByteBuffer>> check) {
    SortedMap<String, byte[]> digests = new ConcurrentSkipListMap<>();
    forEachTensor(
        weights,
        names,
        tensor -> {
          TensorInfo info = tensor.info();
          MessageDigest sha = Digests.digest();
          String head = "%s\n%s\n%s\n".formatted(info.name(), info.dtype(), info.shapeText());
          sha.update(head.getBytes(StandardCharsets.UTF_8));
          Consumer<ByteBuffer> each = check.apply(tensor);
          tensor.forEachChunk(
              bytes -> {
                each.accept(bytes);
                sha.update(bytes);
              });
          digests.put(info.name(), sha.digest());
        });
    MessageDigest all = Digests.digest();
    digests.values().forEach(all::update);
    return all.digest();
  }

  /**
   * Looks for NaN and infinities in every wanted tensor that is floating.
   *
   * @throws RealeraException damaged, naming file, tensor and element
   */
  static void requireFinite(Weights weights, Predicate<String> names) {
    forEachTensor(
        weights,
        names,
        tensor -> {
          if (tensor.info().dtype().isFloating()) {
            tensor.forEachChunk(finiteCheck(tensor));
          }
        });
  }

  /** Looks at a tensor's bytes piece by piece, and leaves the pieces as they are. */
  private static Consumer<ByteBuffer> finiteCheck(TensorSource.Stored tensor) {
    return tensor.info().dtype().isFloating()
        ? new FiniteCheck(tensor.file(), tensor.info())::accept
        : bytes -> {};
  }

  private static void forEachTensor(
      Weights weights, Predicate<String> wanted, Consumer<TensorSource.Stored> action) {
    Stream<String> names = weights.tensors().keySet().stream().filter(wanted);
    names.parallel().forEach(name -> action.accept(weights.stored(name)));
  }

  private static final class FiniteCheck {
    private final SafetensorsFile file;
    private final TensorInfo info;
    private long done;

    FiniteCheck(SafetensorsFile file, TensorInfo info) {
      this.file = file;
      this.info = info;
    }

    void accept(ByteBuffer chunk) {
      int width = info.dtype().bytes();
      int count = chunk.remaining() / width;
      int bad =
          switch (info.dtype()) {
            case F64 -> firstBadLong(chunk, count);
            case F32 -> firstBadInt(chunk, count);
            case F16 -> firstBadShort(chunk, count, 0x7c00);
            case BF16 -> firstBadShort(chunk, count, 0x7f80);
            default -> -1;
          };
      if (bad >= 0) {
        throw RealeraException.damaged(
            "%s: tensor %s %s holds NaN or infinity at element %s"
                .formatted(file.path(), info.name(), info.shapeText(), done + bad),
            "The weights are broken; fetch or convert the model again.");
      }
      done += count;
    }

    private static int firstBadLong(ByteBuffer chunk, int count) {
      long exponent = 0x7ff0000000000000L;
      for (int i = 0; i < count; i++) {
        if ((chunk.getLong(i * Long.BYTES) & exponent) == exponent) {
          return i;
        }
      }
      return -1;
    }

    private static int firstBadInt(ByteBuffer chunk, int count) {
      int exponent = 0x7f800000;
      for (int i = 0; i < count; i++) {
        if ((chunk.getInt(i * Integer.BYTES) & exponent) == exponent) {
          return i;
        }
      }
      return -1;
    }

    private static int firstBadShort(ByteBuffer chunk, int count, int exponent) {
      for (int i = 0; i < count; i++) {
        if ((chunk.getShort(i * Short.BYTES) & exponent) == exponent) {
          return i;
        }
      }
      return -1;
    }
  }
}
