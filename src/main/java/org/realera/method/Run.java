package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Supplier;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Membrane;
import org.realera.text.Captions;
import org.realera.training.Saved;

/**
 * The run that a method is part of: it is told how far the method is and what came of each stage,
 * keeps what another run may use again, and stops the method between two steps.
 */
public interface Run {
  /**
   * Begins a stage; the one before is closed.
   *
   * @param steps how many there will be, 1 where it has none
   * @throws RuntimeException if a stop was asked for
   */
  StageTask stage(Stage stage, long steps);

  /** Something the user should know, one line. */
  void note(String line);

  /** Keeps the loss of every step for the manifest. */
  void losses(List<Double> losses);

  /** Keeps SPM's adapters beside the weights, once these are written. */
  void adapters(List<Membrane> membranes);

  /**
   * The captions of a file that the recipe names.
   *
   * @throws org.realera.RealeraException as {@link Captions#read}
   */
  Captions captions(String file);

  /**
   * Masks that the user gives.
   *
   * @param masks for each concept [n, 1, H, W] fp32, 1 where it is
   * @param sha256 of all their files
   */
  record Masks(List<NDArray> masks, String sha256) {}

  /**
   * The masks of a folder that the recipe names, one for every image.
   *
   * @param concepts in words
   * @param images what will be drawn of each
   * @param scope owns the masks; a manager of the CPU
   * @throws org.realera.RealeraException (not found) if there is no such folder; (usage, damaged)
   *     if a mask is missing or none of its image
   */
  Masks masks(
      String folder, List<String> concepts, List<List<ImageRequest>> images, NDManager scope);

  /** The state of an interrupted run, kept until the run is complete. */
  Saved state();

  /**
   * What depends on the model and these prompts only, embeddings or sums of them, from the user's
   * cache or made.
   *
   * @param prompts everything else that they depend on
   * @param shape what they must have
   * @param make makes them, float32 or float64 on the CPU, owned by {@code scope}
   * @return owned by {@code scope}
   */
  NDArray cached(List<String> prompts, Shape shape, NDManager scope, Supplier<NDArray> make);
}
