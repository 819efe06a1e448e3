package org.realera.report;

import java.util.List;
import org.realera.report.EvalPage.Fact;
import org.realera.report.EvalPage.Reading;
import org.realera.report.Gallery.Captioned;

/**
 * {@code report.html} of a comparison of methods: who erases, keeps and generalizes how well, and
 * what it costs.
 *
 * @param verdict the finding in one line
 * @param tables means over the concepts, the first with what the methods cost
 * @param tradeOffs what is kept against what is left
 * @param samples the same seeds drawn by every model, for each concept
 * @param concepts the figures of each concept by itself
 * @param settings what all was made with
 * @param readings how to read the figures, by what they were made with
 * @param classified whether all figures are a classifier's
 */
public record MethodsPage(
    String title,
    String verdict,
    List<Table> tables,
    List<TradeOff> tradeOffs,
    List<Samples> samples,
    List<Concept> concepts,
    List<Fact> settings,
    List<Reading> readings,
    boolean classified) {

  /**
   * Methods, a line each, and what was published below.
   *
   * @param costs whether the lines go on with seconds, passes, memory and tensors
   */
  public record Table(String title, boolean costs, List<Row> rows) {
    /** Columns, that of the names among them. */
    public int columns() {
      return costs ? 9 : 5;
    }
  }

  /** One concept's tables. */
  public record Concept(String title, List<Table> tables) {}

  /**
   * Images of one concept: a column for each prompt, a line for each model.
   *
   * @param seeds of the images, in words
   */
  public record Samples(String title, String seeds, List<Prompt> prompts, List<Line> lines) {}

  /**
   * What a column of images was drawn from.
   *
   * @param style the class of its caption
   */
  public record Prompt(String style, String caption, String prompt) {}

  /** What one model drew: a strip for each prompt. */
  public record Line(String name, List<Captioned> strips) {}

  /** The page. */
  public String html() {
    return Pages.html("methods.jte", this);
  }
}
