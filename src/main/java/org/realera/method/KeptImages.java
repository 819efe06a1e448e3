package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.IoErrors;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;

/**
 * Latents of images as they are drawn, a file for each batch, until all of them are there: what a
 * run keeps that is stopped or killed between two images.
 */
final class KeptImages {
  private static final String LATENTS = "latents";

  private final Path folder;
  private final String prefix;

  /**
   * @param state the run's
   * @param file which will have all images; those of each file are kept apart
   */
  KeptImages(Path state, String file) {
    this.folder = state.resolve(Method.IMAGES);
    this.prefix = file.replace(".safetensors", "");
  }

  /** A batch: so many images of a set, from this one on. */
  record Batch(int set, int from, Shape latents) {
    int images() {
      return (int) latents.get(0);
    }
  }

  /** Whether a batch was kept; it may be damaged. */
  boolean has(Batch batch) {
    return Files.exists(file(batch));
  }

  /**
   * A batch that was kept.
   *
   * @param damaged hears what is wrong with it
   * @return its latents on the CPU, owned by {@code scope}; null if there is none, or it is damaged
   */
  @Nullable NDArray load(Batch batch, NDManager scope, Consumer<String> damaged) {
    if (!has(batch)) {
      return null;
    }
    try (SafetensorsFile saved = SafetensorsFile.open(file(batch))) {
      return read(saved, LATENTS, batch.latents(), scope);
    } catch (RealeraException e) {
      damaged.accept(e.getMessage());
      return null;
    }
  }

  /**
   * Latents of a file.
   *
   * @return a copy on the CPU, owned by {@code scope}
   * @throws RealeraException (damaged) if there are none of this shape
   */
  static NDArray read(SafetensorsFile saved, String name, Shape shape, NDManager scope) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray stored = saved.read(name, inner);
      if (!stored.getShape().equals(shape)) {
        throw RealeraException.damaged(
            saved.path() + " has " + stored.getShape() + " in place of " + shape,
            "Remove the file: its pictures are drawn again.");
      }
      NDArray copy = stored.duplicate();
      copy.attach(scope);
      return copy;
    }
  }

  /**
   * Keeps a batch.
   *
   * @throws RealeraException (failed, resources) if it can't be written
   */
  void save(Batch batch, NDArray latents) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw IoErrors.writing(folder, e);
    }
    SafetensorsWriter.write(
        file(batch), Map.of(), List.of(TensorSource.of(LATENTS, DType.F32, latents)));
  }

  /** Removes batches that are no longer needed; their folder stays, for the set is there. */
  void remove(List<Batch> batches) {
    for (Batch batch : batches) {
      try {
        Files.deleteIfExists(file(batch));
      } catch (IOException e) {
        throw IoErrors.writing(file(batch), e);
      }
    }
  }

  private Path file(Batch batch) {
    return folder.resolve(
        String.format(Locale.ROOT, "%s-%d-%05d.safetensors", prefix, batch.set(), batch.from()));
  }
}
