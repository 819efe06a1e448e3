package org.realera.erase;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.realera.RealeraException;
import org.realera.files.Digests;
import org.realera.files.Environment;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeddings of the text prior's prompts and their sum, kept between runs: encoding a few hundred
 * prompts takes most of a minute on two cores. An entry that is damaged is made again; a cache that
 * can't be written is done without.
 */
final class PriorCache {
  private static final Logger LOG = LoggerFactory.getLogger(PriorCache.class);
  private static final String TENSOR = "encoded";
  private static final String CHECKSUM = "crc32c";

  private final Path folder;

  PriorCache(Path folder) {
    this.folder = folder;
  }

  /** The user's. */
  static PriorCache of(Environment environment) {
    return new PriorCache(environment.realeraCache().resolve("prior"));
  }

  /**
   * The embeddings or their sum, from the cache or made and put there.
   *
   * @param what everything that they depend on
   * @param shape what they must have
   * @param make makes them, float32 or float64 on the CPU, owned by {@code scope}
   * @return owned by {@code scope}; what comes from the cache is mapped, not read
   */
  NDArray get(List<String> what, Shape shape, NDManager scope, Supplier<NDArray> make) {
    Path file = folder.resolve(key(what) + ".safetensors");
    Optional<NDArray> cached = Files.exists(file) ? read(file, shape, scope) : Optional.empty();
    if (cached.isPresent()) {
      return cached.get();
    }
    NDArray made = make.get();
    write(file, made);
    return made;
  }

  private static Optional<NDArray> read(Path file, Shape shape, NDManager scope) {
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      TensorInfo info = saved.tensors().get(TENSOR);
      if (info == null
          || !(info.dtype() == DType.F32 || info.dtype() == DType.F64)
          || !info.shape().equals(sizes(shape))
          || !checksum(saved).equals(saved.metadata().get(CHECKSUM))) {
        LOG.info("{} is damaged; making it again", file);
        return Optional.empty();
      }
      return Optional.of(saved.read(TENSOR, scope));
    } catch (RealeraException e) {
      LOG.info("making the text prior again: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static List<Long> sizes(Shape shape) {
    return Arrays.stream(shape.getShape()).boxed().toList();
  }

  private void write(Path file, NDArray values) {
    DType dtype = values.getDataType() == DataType.FLOAT64 ? DType.F64 : DType.F32;
    try {
      Files.createDirectories(folder);
      SafetensorsWriter.write(
          file,
          Map.of(CHECKSUM, checksum(values)),
          List.of(TensorSource.of(TENSOR, dtype, values)));
    } catch (IOException | RealeraException e) {
      LOG.info("the text prior is not cached: {}", e.toString());
    }
  }

  /** Of the bytes as they lie in the file. */
  private static String checksum(SafetensorsFile saved) {
    CRC32C crc = new CRC32C();
    saved.forEachChunk(TENSOR, crc::update);
    return Long.toHexString(crc.getValue());
  }

  private static String checksum(NDArray values) {
    CRC32C crc = new CRC32C();
    crc.update(values.toByteBuffer());
    return Long.toHexString(crc.getValue());
  }

  private static String key(List<String> what) {
    MessageDigest digest = Digests.digest();
    for (String part : what) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
  }
}
