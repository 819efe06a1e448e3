package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The run that a method is part of: it is told how far the method is and what came of each stage,
 * keeps what another run may use again, and stops the method between two steps.
 */
public interface Run {
  /** Begins a stage of so many steps, 1 where it has none; throws if a stop was asked for. */
  void begin(Stage stage, long steps);

  /** A step of a stage that can't save its state half-way; throws if a stop was asked for. */
  void step(Stage stage, long done);

  /** A step with a loss, of a stage that saves its state and stops by itself. */
  void step(Stage stage, long done, double loss);

  /** Ends a stage with one line of what came of it: {@code 60 neighbors from 71 draws}. */
  void end(Stage stage, String summary);

  /** Something the user should know, one line. */
  void note(String line);

  /** Keeps figures of a stage for the manifest: names to numbers, texts, lists and maps. */
  void result(Stage stage, Map<String, ?> figures);

  /** Keeps the loss of every step for the manifest. */
  void losses(List<Double> losses);

  /**
   * Keeps a file more beside the weights, once they are written.
   *
   * @param name in the model's folder
   * @param write makes it at a path
   */
  void beside(String name, Consumer<Path> write);

  /** Whether the method should save its state and throw {@link #stopped}. */
  boolean stopRequested();

  /** Says what is saved from now on, for whoever stops the run. */
  void saved(String what);

  /** Stops as asked, once the state is saved. */
  RuntimeException stopped();

  /** The folder for the state of an interrupted run, kept until the run is complete. */
  Path state();

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
