package org.realera.report;

import gg.jte.Content;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.realera.files.AtomicFile;

/**
 * The page of {@code realera scope}: charts of concepts' ranges and the texts nearest to them, in
 * one file.
 */
public record ScopeReport(List<Range> ranges) {

  /**
   * One concept's range.
   *
   * @param prompt the concept's prompt
   * @param words how many words are taken along by name at most; 0 for none
   * @param s2 the lowest cosine of such a word
   * @param texts all that were measured, nearest first
   * @param listed those of them that the table names
   * @param sources where texts come from
   * @param zones how many texts of each source lie where
   */
  public record Range(
      String concept,
      String prompt,
      double d1,
      double d2,
      int words,
      double s2,
      List<Text> texts,
      List<Text> listed,
      List<String> sources,
      List<Zone> zones) {

    /** The range in words. */
    public String summary() {
      String named =
          words == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  " Named: the nearest words, at most %d, down to cosine S2 = %.2f; they are"
                      + " erased too, wherever they lie.",
                  words,
                  s2);
      return String.format(
          Locale.ROOT,
          "%d texts against “%s”. Nearer than D1 = %.2f: what drawn neighbors take along. From"
              + " D2 = %.2f on: not looked at. Between the two, points are held as they are.%s",
          texts.size(),
          prompt,
          d1,
          d2,
          named);
    }

    /** Distance to the right, cosine up. */
    public Content chart() {
      return ScopeChart.svg(this);
    }
  }

  /**
   * A text and how far it lies from the concept.
   *
   * @param source where it comes from
   * @param small whether its dot is small, for there are many
   * @param zone where it lies
   */
  public record Text(
      String text, String source, boolean small, double distance, double cosine, String zone) {

    /** Where its dot's colour and size come from. */
    String kind() {
      return isNamed() ? source + " named" : source;
    }

    /** Whether it is erased by its name. */
    boolean isNamed() {
      return zone.equals("named");
    }

    /** A distance or cosine as the page shows it. */
    public String inWords(double value) {
      return Svg.two(value);
    }
  }

  /**
   * A line of the table of counts.
   *
   * @param counts of texts, by source
   */
  public record Zone(String name, List<Long> counts) {}

  /** What the page is called. */
  public String title() {
    return "Near " + String.join(", ", ranges.stream().map(Range::concept).toList());
  }

  /** Writes the page; it is there whole or not at all. */
  public void write(Path file) {
    AtomicFile.write(file, html().getBytes(StandardCharsets.UTF_8));
  }

  String html() {
    return Pages.html("scope.jte", this);
  }
}
