package org.realera.erase;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.Stopped;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Membrane;
import org.realera.diffusion.SpmFile;
import org.realera.method.Run;
import org.realera.method.Stage;
import org.realera.method.StageTask;
import org.realera.text.Captions;
import org.realera.training.Saved;

/**
 * The run around a method: tells of stages, takes their times, keeps their figures for the
 * manifest, and stops between two steps if asked.
 */
final class StageLog implements Run {
  private final Progress progress;
  private final Map<Stage, String> summaries = new EnumMap<>(Stage.class);
  private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
  private final LongSupplier clock;
  private final long start;
  private final PriorCache priorCache;
  private String saved = "nothing was saved, nothing was written";
  private boolean inStage;
  private List<Membrane> adapters = List.of();
  private @Nullable RunManifest manifest;
  private @Nullable Saved state;

  /**
   * A run that begins now.
   *
   * @param clock nanoseconds since some moment
   */
  StageLog(Progress progress, PriorCache priorCache, LongSupplier clock) {
    this.progress = progress;
    this.priorCache = priorCache;
    this.clock = clock;
    this.start = clock.getAsLong();
  }

  /** From now on figures go into this manifest, and states into this folder. */
  void keepIn(RunManifest runManifest, Path stateFolder) {
    manifest = runManifest;
    state = new StateFolder(stateFolder);
  }

  private RunManifest manifest() {
    return Objects.requireNonNull(manifest, "figures before the model is open");
  }

  @Override
  public void adapters(List<Membrane> membranes) {
    adapters = membranes;
  }

  /** Writes the adapters beside the weights, if there are any. */
  void writeAdapters(Path folder) {
    if (!adapters.isEmpty()) {
      SpmFile.write(folder.resolve(SpmFile.NAME), adapters);
    }
  }

  @Override
  public Captions captions(String file) {
    return Captions.read(Path.of(file));
  }

  @Override
  public Masks masks(
      String folder, List<String> concepts, List<List<ImageRequest>> images, NDManager scope) {
    return new MaskFolder(Path.of(folder)).read(concepts, images, scope);
  }

  @Override
  public void losses(List<Double> losses) {
    manifest().losses(losses);
  }

  @Override
  public Saved state() {
    return Objects.requireNonNull(state, "a state before the output is open");
  }

  @Override
  public NDArray cached(
      List<String> prompts, Shape shape, NDManager scope, Supplier<NDArray> make) {
    List<String> key = new ArrayList<>(manifest().textKey());
    key.addAll(prompts);
    return priorCache.get(key, shape, scope, make);
  }

  /**
   * Begins a stage.
   *
   * @throws Stopped if a stop was asked for, and the stage does not begin
   */
  @Override
  public StageTask stage(Stage stage, long steps) {
    if (inStage) {
      throw new IllegalStateException(stage + " begins in another stage");
    }
    progress.check(saved);
    StageTask task = new Begun(stage, clock.getAsLong());
    progress.begin(stage.title(), steps);
    inStage = true;
    return task;
  }

  /** The stage that is under way; what it has saved outlives it. */
  private final class Begun implements StageTask {
    private final Stage stage;
    private final long begun;

    Begun(Stage stage, long begun) {
      this.stage = stage;
      this.begun = begun;
    }

    @Override
    public void step(long done) {
      progress.step(done);
      progress.check(saved);
    }

    @Override
    public void step(long done, double loss) {
      progress.step(done, String.format(Locale.ROOT, "loss %.2e", loss));
    }

    @Override
    public void result(Map<String, ?> figures) {
      manifest().result(stage, figures);
    }

    @Override
    public void end(String summary) {
      nanos.put(stage, clock.getAsLong() - begun);
      summaries.put(stage, summary);
      progress.end(summary);
    }

    @Override
    public boolean stopRequested() {
      return progress.stopRequested();
    }

    @Override
    public void saved(String what) {
      saved = what;
    }

    @Override
    public void stop() {
      throw new Stopped(saved);
    }

    @Override
    public void close() {
      inStage = false;
    }
  }

  @Override
  public void note(String line) {
    progress.note(line);
  }

  Map<Stage, String> summaries() {
    return Collections.unmodifiableMap(summaries);
  }

  /** Seconds since the run began. */
  double seconds() {
    return seconds(clock.getAsLong() - start);
  }

  /** Seconds by stage, in order. */
  Map<String, Double> timings() {
    Map<String, Double> out = new LinkedHashMap<>();
    nanos.forEach((stage, n) -> out.put(stage.key(), seconds(n)));
    return out;
  }

  private static double seconds(long nanos) {
    return Math.round(nanos / 1e6) / 1e3;
  }
}
