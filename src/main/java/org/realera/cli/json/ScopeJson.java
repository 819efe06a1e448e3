package org.realera.cli.json;

import java.util.List;
import org.realera.erase.Scope;

/** {@code realera scope}: a range for each concept. */
public record ScopeJson(List<Range> ranges) {

  /**
   * One concept's range.
   *
   * @param prompt the concept's prompt
   * @param words how many mining names at most
   * @param vocabulary words of the model's vocabulary
   * @param texts all that were measured, nearest first
   */
  public record Range(
      String concept,
      String prompt,
      double d1,
      double d2,
      double s2,
      int words,
      int vocabulary,
      List<Text> texts) {
    private static Range of(Scope.Range range) {
      return new Range(
          range.concept(),
          range.prompt(),
          range.mining().d1(),
          range.d2(),
          range.mining().s2(),
          range.words(),
          range.vocabulary(),
          range.texts().stream().map(Text::of).toList());
    }
  }

  /** A text, in shares of the concept's mean row norm and as a cosine to it. */
  public record Text(String text, String source, double distance, double cosine, String zone) {
    private static Text of(Scope.Near near) {
      return new Text(
          near.text(),
          near.source().label(),
          near.distance().radius(),
          near.distance().cosine(),
          near.zone().label());
    }
  }

  /** What was measured. */
  public static ScopeJson of(List<Scope.Range> ranges) {
    return new ScopeJson(ranges.stream().map(Range::of).toList());
  }
}
