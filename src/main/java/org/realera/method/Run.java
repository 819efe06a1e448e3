package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
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

  /**
   * Keeps a file more beside the weights, once they are written.
   *
   * @param name in the model's folder
   * @param write makes it at a path
   */
  void beside(String name, Consumer<Path> write);

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
