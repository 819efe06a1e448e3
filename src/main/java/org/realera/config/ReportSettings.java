package org.realera.config;

import java.util.List;

/**
 * The pictures of report.html, drawn with the same seeds before and after the erasure.
 *
 * @param pictures whether to draw them
 * @param seeds pictures of each prompt
 * @param steps sampling steps
 * @param guidance guidance scale
 * @param neighbors words near the concept to show; empty: the nearest of the vocabulary
 * @param kept concepts that should stay, to show: the first two that are not to be erased, after
 *     those of {@code preserve}
 */
public record ReportSettings(
    Pictures pictures,
    int seeds,
    int steps,
    double guidance,
    List<String> neighbors,
    List<String> kept) {

  /** When to draw pictures. */
  public enum Pictures {
    /** Where it takes seconds: on a GPU, or from a small model. */
    AUTO,
    ALWAYS,
    NEVER
  }

  /** Of more concepts than these, the first are drawn. A hundred would take minutes on pocket. */
  public static final int MOST_CONCEPTS = 8;

  public ReportSettings {
    Check.upTo("report.seeds", seeds, Limits.SAMPLES);
    Check.upTo("report.steps", steps, Limits.STEPS);
    Check.notNegative("report.guidance", guidance);
    neighbors = Check.names("report.neighbors", neighbors);
    kept = Check.names("report.kept", kept);
  }
}
