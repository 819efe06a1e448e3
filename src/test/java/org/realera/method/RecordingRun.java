package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Membrane;
import org.realera.erase.MaskFolder;
import org.realera.erase.StateFolder;
import org.realera.text.Captions;
import org.realera.training.Saved;

/**
 * A run that writes down what it is told, and stops when so many steps of the alignment are done,
 * or of another stage.
 */
final class RecordingRun implements Run {
  /** The end of a run that was asked to stop. */
  static final class Stopped extends RuntimeException {}

  private final Path state;
  private final int stopAfter;
  private @Nullable Stage stopStage;
  private long stopStep;
  private int aligned;
  private @Nullable Stage under;

  final List<Stage> begun = new ArrayList<>();
  final List<Stage> ended = new ArrayList<>();
  final Map<Stage, Long> steps = new EnumMap<>(Stage.class);
  final Map<Stage, List<Long>> done = new EnumMap<>(Stage.class);
  final Map<Stage, String> summaries = new EnumMap<>(Stage.class);
  final Map<Stage, Map<String, ?>> results = new EnumMap<>(Stage.class);
  final List<String> notes = new ArrayList<>();
  final List<String> saved = new ArrayList<>();
  final List<List<String>> cached = new ArrayList<>();
  List<Double> losses = List.of();
  List<Membrane> adapters = List.of();

  RecordingRun(Path state) {
    this(state, Integer.MAX_VALUE);
  }

  RecordingRun(Path state, int stopAfter) {
    this.state = state;
    this.stopAfter = stopAfter;
  }

  /** Stops at this step of a stage or the first one after it, which is not counted as done. */
  RecordingRun stopIn(Stage stage, long step) {
    stopStage = stage;
    stopStep = step;
    return this;
  }

  @Override
  public StageTask stage(Stage stage, long count) {
    if (under != null) {
      throw new IllegalStateException(stage + " begins in " + under);
    }
    under = stage;
    begun.add(stage);
    steps.put(stage, count);
    return new Task(stage);
  }

  private final class Task implements StageTask {
    private final Stage stage;

    Task(Stage stage) {
      this.stage = stage;
    }

    @Override
    public void step(long count) {
      if (stage == stopStage && count >= stopStep) {
        throw new Stopped();
      }
      done.computeIfAbsent(stage, s -> new ArrayList<>()).add(count);
    }

    @Override
    public void step(long count, double loss) {
      step(count);
      aligned++;
    }

    @Override
    public void result(Map<String, ?> figures) {
      results.put(stage, figures);
    }

    @Override
    public void end(String summary) {
      ended.add(stage);
      summaries.put(stage, summary);
    }

    @Override
    public boolean stopRequested() {
      return aligned >= stopAfter;
    }

    @Override
    public void saved(String what) {
      saved.add(what);
    }

    @Override
    public void stop() {
      throw new Stopped();
    }

    @Override
    public void close() {
      under = null;
    }
  }

  @Override
  public void note(String line) {
    notes.add(line);
  }

  @Override
  public void adapters(List<Membrane> membranes) {
    adapters = List.copyOf(membranes);
  }

  @Override
  public Captions captions(String file) {
    return Captions.read(Path.of(file));
  }

  @Override
  public Masks masks(
      String masks, List<String> concepts, List<List<ImageRequest>> images, NDManager scope) {
    return new MaskFolder(Path.of(masks)).read(concepts, images, scope);
  }

  @Override
  public void losses(List<Double> all) {
    losses = List.copyOf(all);
  }

  @Override
  public Saved state() {
    return new StateFolder(state);
  }

  /** Where {@link #state} is. */
  Path folder() {
    return state;
  }

  @Override
  public NDArray cached(
      List<String> prompts, Shape shape, NDManager scope, Supplier<NDArray> make) {
    cached.add(prompts);
    return make.get();
  }
}
