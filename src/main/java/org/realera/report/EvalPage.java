package org.realera.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code report.html} of an evaluation: what was found, for a person to read and print.
 *
 * @param overview all runs in one table; null for a page of one run, which shows that run whole
 * @param maps of an ablation's sweeps; empty for any other page
 * @param runs each by itself
 * @param readings how to read the figures, by what they were made with
 * @param classified whether all figures are a classifier's
 */
public record EvalPage(
    String title,
    @Nullable Overview overview,
    List<HeatTable> maps,
    List<Run> runs,
    List<Reading> readings,
    boolean classified) {

  /**
   * All runs of a page.
   *
   * @param figures lines of one table; may be empty
   * @param notes in what runs differ that the table shows side by side; empty if in nothing
   * @param numbers of runs that have numbers by name
   */
  public record Overview(List<Row> figures, List<String> notes, List<NumberTable> numbers) {}

  /**
   * One run.
   *
   * @param heading what was done
   * @param verdict the finding in one line
   * @param figures beside those of the original and the published ones; may be empty
   * @param numbers its numbers by name, if there are any
   * @param explicit the published table of exposed parts, with this heading; null if it says
   *     nothing of this run
   * @param bars null where one number stands for all images
   * @param images null where images are left out
   * @param settings what it was made with
   */
  public record Run(
      String heading,
      String verdict,
      List<Row> figures,
      @Nullable NumberTable numbers,
      @Nullable Explicit explicit,
      @Nullable BarChart bars,
      @Nullable Gallery images,
      List<Fact> settings) {}

  /** The published table of exposed parts. */
  public record Explicit(String title, List<Row> rows) {}

  /** Something that a run was made with. */
  public record Fact(String label, String text) {}

  /** What figures are made of, and so how they are read. */
  public enum Reading {
    CLASSIFIER,
    CELEBRITY,
    CLIP_MEAN,
    CLIP_ERASURE,
    NUDENET
  }

  /** The page. */
  public String html() {
    return Pages.html("eval.jte", this);
  }
}
