package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.safetensors.DType;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;
import org.realera.training.Saved;

/**
 * Latents of images as they are drawn, saved batch by batch, until all of them are there: what a
 * run keeps that is stopped or killed between two images.
 */
final class KeptImages {
  private static final String LATENTS = "latents";

  private final Saved state;
  private final String name;

  /**
   * @param state the run's
   * @param name by which it will have all images; those of each name are kept apart
   */
  KeptImages(Saved state, String name) {
    this.state = state;
    this.name = name;
  }

  /** A batch: so many images of a set, from this one on. */
  record Batch(int set, int from, Shape latents) {
    int images() {
      return (int) latents.get(0);
    }
  }

  /** Whether a batch was kept; it may be damaged. */
  boolean has(Batch batch) {
    return state.has(name(batch));
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
    try (Saved.Opened saved = state.open(name(batch))) {
      return read(saved.tensors(), LATENTS, batch.latents(), scope);
    } catch (RealeraException e) {
      damaged.accept(e.getMessage());
      return null;
    }
  }

  /**
   * Latents that were saved.
   *
   * @return a copy on the CPU, owned by {@code scope}
   * @throws RealeraException (damaged) if there are none of this shape
   */
  static NDArray read(Weights saved, String name, Shape shape, NDManager scope) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray stored = saved.read(name, inner);
      if (!stored.getShape().equals(shape)) {
        throw RealeraException.damaged(
            saved.source() + " has " + stored.getShape() + " in place of " + shape,
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
    state.put(name(batch), Map.of(), List.of(TensorSource.of(LATENTS, DType.F32, latents)));
  }

  /** Removes batches that are no longer needed. */
  void remove(List<Batch> batches) {
    batches.forEach(batch -> state.remove(name(batch)));
  }

  private String name(Batch batch) {
    return Saved.IMAGES + String.format(Locale.ROOT, "%s-%d-%05d", name, batch.set(), batch.from());
  }
}
