package org.realera.erase;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.realera.erase.Interruption.StoppedException;

/**
 * Tells the listener of stages, takes their times, and stops the run between two steps if asked.
 */
final class StageLog {
  private final ProgressListener listener;
  private final Interruption interruption;
  private final Map<Stage, String> summaries = new EnumMap<>(Stage.class);
  private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
  private final long start = System.nanoTime();
  private long stageStart;
  private String saved = "nothing was saved, nothing was written";

  StageLog(ProgressListener listener, Interruption interruption) {
    this.listener = listener;
    this.interruption = interruption;
  }

  /**
   * Begins a stage.
   *
   * @throws StoppedException if a stop was asked for
   */
  void begin(Stage stage, long steps) {
    interruption.check(saved);
    stageStart = System.nanoTime();
    listener.started(stage, steps);
  }

  /**
   * A step of a stage that can't save its state half-way.
   *
   * @throws StoppedException if a stop was asked for
   */
  void step(Stage stage, long done) {
    listener.advanced(stage, done, OptionalDouble.empty());
    interruption.check(saved);
  }

  /** A step with a loss, of a stage that stops by itself. */
  void step(Stage stage, long done, double loss) {
    listener.advanced(stage, done, OptionalDouble.of(loss));
  }

  void end(Stage stage, String summary) {
    nanos.put(stage, System.nanoTime() - stageStart);
    summaries.put(stage, summary);
    listener.finished(stage, summary);
  }

  void note(String line) {
    listener.note(line);
  }

  boolean stopRequested() {
    return interruption.requested();
  }

  /** What to tell the user of a run that stops from now on. */
  void saved(String what) {
    saved = what;
  }

  Map<Stage, String> summaries() {
    return Collections.unmodifiableMap(summaries);
  }

  double seconds() {
    return seconds(System.nanoTime() - start);
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
