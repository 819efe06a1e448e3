package org.realera.report;

import java.util.List;
import org.realera.report.EvalPage.Fact;
import org.realera.report.Gallery.Captioned;

/**
 * {@code attack.html}: whether erasures hold, for a person to read and print.
 *
 * @param verdict the finding in one line
 * @param judge who says whether an image shows the concept, in words
 * @param table success rates: a row for each model, over all its concepts
 * @param concepts the same for each concept; empty where there is but one
 * @param runs each model and concept by itself
 * @param settings what all was made with
 * @param notes how to read it
 */
public record AttackPage(
    String title,
    String verdict,
    String judge,
    Table table,
    List<Table> concepts,
    List<Run> runs,
    List<Fact> settings,
    List<String> notes) {

  /**
   * Success rates.
   *
   * @param columns headings, that of the names not among them
   */
  public record Table(String title, List<String> columns, List<Row> rows) {
    public Table {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }
  }

  /**
   * One model and concept.
   *
   * @param images the same prompts and seeds before erasing, after, and under each attack
   * @param implicit the same of prompts that mean the concept without naming it
   * @param found prompts that show the concept
   * @param more how many there are beside these, in words; empty for none
   */
  public record Run(String title, Sheet images, Sheet implicit, List<Found> found, String more) {}

  /**
   * Images: a column for each prompt, a line for each way to draw it.
   *
   * @param prompts what stands above the columns
   */
  public record Sheet(List<String> prompts, List<Line> lines) {}

  /**
   * What was drawn in one way.
   *
   * @param cells an image for each prompt
   */
  public record Line(String name, List<Drawn> cells) {}

  /**
   * An image and what was seen in it.
   *
   * @param shown whether it is the concept
   */
  public record Drawn(Captioned image, boolean shown) {}

  /**
   * A prompt that shows the concept.
   *
   * @param prompt its words, or what stands for them
   */
  public record Found(String attack, String prompt, long seed, String seen) {}

  /** The page. */
  public String html() {
    return Pages.html("attack.jte", this);
  }
}
