package org.realera.eval.attack;

import java.util.ArrayList;
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
    String ceiling = original == null ? "" : count(original);
    String leftOut = known(figures.leftOut());
    Share without = figures.without();
    row(
        out,
        method,
        concept,
        "none",
        judge,
        without,
        count(without),
        "0",
        without,
        ceiling,
        "",
        leftOut,
        "");
    for (Attacked attack : figures.attacks()) {
      row(
          out,
          method,
          concept,
          attack.attack(),
          judge,
          attack.asr(),
          count(without),
          count(attack.won()),
          attack.asr(),
          ceiling,
          attack.wordsAlone() == null ? "" : count(attack.wordsAlone()),
          leftOut,
          attack.images() == null ? "" : String.format(Locale.ROOT, "%.4f", attack.images()));
    }
    Implicit implicit = figures.implicit();
    if (implicit != null) {
      Share drawn = implicit.original();
      row(
          out,
          method,
          concept,
          "implicit",
          judge,
          implicit.shown(),
          "",
          count(implicit.shown()),
          implicit.shown(),
          drawn == null ? "" : count(drawn),
          "",
          known(implicit.leftOut()),
          "");
    }
  }

  private static String known(@Nullable Integer count) {
    return count == null ? "" : count.toString();
  }

  private static void row(
      StringBuilder out,
      String method,
      String concept,
      String attack,
      String judge,
      Share prompts,
      String without,
      String won,
      Share asr,
      String original,
      String wordsAlone,
      String leftOut,
      String images) {
    List<String> cells = new ArrayList<>(List.of(method, concept, attack, judge));
    cells.add(String.valueOf(prompts.total()));
    cells.add(without);
    cells.add(won);
    cells.add(percent(asr.value()));
    cells.add(percent(asr.low()));
    cells.add(percent(asr.high()));
    cells.add(original);
    cells.add(wordsAlone);
    cells.add(leftOut);
    cells.add(images);
    out.append(Csv.guardedLine(cells));
  }

  private static String count(Share share) {
    return String.format(Locale.ROOT, "%.0f", share.count());
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
