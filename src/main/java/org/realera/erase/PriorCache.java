package org.realera.erase;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.realera.RealeraException;
import org.realera.files.Digests;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeddings of the text prior's prompts, kept between runs: encoding a few hundred prompts takes
 * most of a minute on two cores. An entry that is damaged is made again; a cache that can't be
 * written is done without.
 */
final class PriorCache {
  private static final Logger LOG = LoggerFactory.getLogger(PriorCache.class);
  private static final String TENSOR = "encoded";
  private static final String CHECKSUM = "crc32c";

  private final Path folder;

  PriorCache(Path folder) {
    this.folder = folder;
  }

  /** The user's: REALERA_CACHE, else XDG_CACHE_HOME/realera, else ~/.cache/realera. */
  static PriorCache ofUser(Map<String, String> env) {
    Path cache =
        set(env, "REALERA_CACHE")
            .or(() -> set(env, "XDG_CACHE_HOME").map(p -> p.resolve("realera")))
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "realera"));
    return new PriorCache(cache.resolve("prior"));
  }

  private static Optional<Path> set(Map<String, String> env, String name) {
    return Optional.ofNullable(env.get(name)).filter(v -> !v.isBlank()).map(Path::of);
  }

  /**
   * The embeddings, from the cache or made and put there.
   *
   * @param what everything that they depend on
   * @param shape what they must have
   * @param make makes them, fp32 on the CPU, owned by {@code scope}
   * @return owned by {@code scope}
   */
  NDArray get(List<String> what, Shape shape, NDManager scope, Supplier<NDArray> make) {
    Path file = folder.resolve(key(what) + ".safetensors");
    Optional<float[]> cached = Files.exists(file) ? read(file, shape) : Optional.empty();
    if (cached.isPresent()) {
      return scope.create(cached.get(), shape);
    }
    NDArray made = make.get();
    write(file, shape, made.toFloatArray());
    return made;
  }

  private static Optional<float[]> read(Path file, Shape shape) {
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      TensorInfo info = saved.tensors().get(TENSOR);
      return info == null || info.dtype() != DType.F32 ? damaged(file) : read(saved, shape);
    } catch (RealeraException e) {
      LOG.info("making the text prior again: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<float[]> damaged(Path file) {
    LOG.info("{} is damaged; making it again", file);
    return Optional.empty();
  }

  private static Optional<float[]> read(SafetensorsFile saved, Shape shape) {
    try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu());
        NDArray array = saved.read(TENSOR, manager)) {
      float[] values = array.toFloatArray();
      if (array.getShape().equals(shape)
          && checksum(values).equals(saved.metadata().get(CHECKSUM))) {
        return Optional.of(values);
      }
      return damaged(saved.path());
    }
  }

  private void write(Path file, Shape shape, float[] values) {
    try {
      Files.createDirectories(folder);
      List<Long> sizes = java.util.Arrays.stream(shape.getShape()).boxed().toList();
      SafetensorsWriter.write(
          file,
          Map.of(CHECKSUM, checksum(values)),
          List.of(TensorSource.of(TENSOR, DType.F32, sizes, values)));
    } catch (IOException | RealeraException e) {
      LOG.info("the text prior is not cached: {}", e.toString());
    }
  }

  private static String checksum(float[] values) {
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate(4 * 4096);
    for (int from = 0; from < values.length; from += 4096) {
      chunk.clear();
      for (int i = from; i < Math.min(values.length, from + 4096); i++) {
        chunk.putFloat(values[i]);
      }
      crc.update(chunk.flip());
    }
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
