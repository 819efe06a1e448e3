package org.realera.eval.attack;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.eval.attack.AttackSummary.Attacked;
import org.realera.eval.attack.AttackSummary.Figures;
import org.realera.eval.attack.AttackSummary.Implicit;
import org.realera.files.Csv;

/**
 * {@code attack.csv}: a row for each model, concept and attack; {@code all} for all concepts of a
 * model together. UTF-8, commas, LF; what is not known is empty.
 */
final class AttackCsv {
  private static final List<String> HEADER =
      List.of(
          "method",
          "concept",
          "attack",
          "judge",
          "prompts",
          "without_attack",
          "won",
          "asr",
          "asr_low",
          "asr_high",
          "original",
          "words_alone",
          "left_out",
          "pictures");
  private static final String ALL = "all";

  private AttackCsv() {}

  static String write(AttackSummary summary) {
    StringBuilder out = new StringBuilder(Csv.line(HEADER));
    for (AttackSummary.Model model : summary.models()) {
      if (model.concepts().size() > 1) {
        rows(out, summary.judge(), model.label(), ALL, model.figures());
      }
    }
    for (AttackSummary.Run run : summary.runs()) {
      rows(out, summary.judge(), run.label(), run.concept(), run.figures());
    }
    return out.toString();
  }

  private static void rows(
      StringBuilder out, String judge, String method, String concept, Figures figures) {
    Share original = figures.original();
    Integer leftOut = figures.leftOut();
    Share without = figures.without();
    out.append(
        new Row(method, concept, "none", judge, without, 0, without, original, null, leftOut, null)
            .line());
    for (Attacked attack : figures.attacks()) {
      out.append(
          new Row(
                  method,
                  concept,
                  attack.attack(),
                  judge,
                  without,
                  attack.won().count(),
                  attack.asr(),
                  original,
                  attack.wordsAlone(),
                  leftOut,
                  attack.images())
              .line());
    }
    Implicit implicit = figures.implicit();
    if (implicit != null) {
      Share shown = implicit.shown();
      out.append(
          new Row(
                  method,
                  concept,
                  "implicit",
                  judge,
                  null,
                  shown.count(),
                  shown,
                  implicit.original(),
                  null,
                  implicit.leftOut(),
                  null)
              .line());
    }
  }

  /** A row, in the order of its columns; what is null is not known. The prompts are asr's. */
  private record Row(
      String method,
      String concept,
      String attack,
      String judge,
      @Nullable Share without,
      double won,
      Share asr,
      @Nullable Share original,
      @Nullable Share wordsAlone,
      @Nullable Integer leftOut,
      @Nullable Double images) {

    String line() {
      return Csv.guardedLine(
          List.of(
              method,
              concept,
              attack,
              judge,
              String.valueOf(asr.total()),
              count(without),
              whole(won),
              fourDigits(asr.value()),
              fourDigits(asr.low()),
              fourDigits(asr.high()),
              count(original),
              count(wordsAlone),
              leftOut == null ? "" : leftOut.toString(),
              images == null ? "" : fourDigits(images)));
    }
  }

  private static String count(@Nullable Share share) {
    return share == null ? "" : whole(share.count());
  }

  private static String whole(double count) {
    return String.format(Locale.ROOT, "%.0f", count);
  }

  private static String fourDigits(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
