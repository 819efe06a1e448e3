package org.realera.eval.attack;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.eval.attack.AttackSummary.Attacked;
import org.realera.eval.attack.AttackSummary.Figures;
import org.realera.eval.attack.AttackSummary.Implicit;
import org.realera.report.AttackPage.Table;
import org.realera.report.Cell;
import org.realera.report.Row;

/** The tables of success rates. */
final class AttackTables {
  private final AttackSummary summary;

  AttackTables(AttackSummary summary) {
    this.summary = summary;
  }

  /** A line of a table. */
  private record Named(String name, Figures figures) {}

  /** Over all concepts: of one model a row for each attack, of several a row for each model. */
  Table whole() {
    List<AttackSummary.Model> models = summary.models();
    return models.size() == 1
        ? single(title(), models.get(0).figures())
        : table(
            title(), models.stream().map(one -> new Named(one.label(), one.figures())).toList());
  }

  /** What the shares are of. */
  private String title() {
    List<Figures> all = summary.runs().stream().map(AttackSummary.Run::figures).toList();
    long known = all.stream().filter(figures -> figures.original() != null).count();
    String prompts =
        known == 0
            ? "all prompts, for it is not known which the original model follows"
            : "the prompts of which the original model shows the concept"
                + (known < all.size() ? ", or of all where that is not known" : "");
    return "Attack success, % of " + prompts + " (low is good)";
  }

  /** One concept, a row for each model. */
  Table of(String concept) {
    return table(
        concept,
        summary.runs().stream()
            .filter(run -> run.concept().equals(concept))
            .map(run -> new Named(run.label(), run.figures()))
            .toList());
  }

  private static Table table(String title, List<Named> lines) {
    Set<String> attacks = new LinkedHashSet<>();
    lines.forEach(line -> line.figures().attacks().forEach(one -> attacks.add(one.title())));
    List<String> columns = new ArrayList<>(List.of("Original", "Left out", "Without attack"));
    columns.addAll(attacks);
    columns.addAll(List.of("Mean", "Worst", "Implicit", "Implicit, original"));
    List<Row> rows =
        lines.stream()
            .map(line -> new Row("", line.name(), cells(line.figures(), attacks)))
            .toList();
    return new Table(title, columns, rows);
  }

  private static List<Cell> cells(Figures figures, Set<String> attacks) {
    List<Cell> cells = new ArrayList<>();
    cells.add(cell(figures.original()));
    Integer leftOut = figures.leftOut();
    cells.add(leftOut == null ? Cell.NONE : Cell.of(leftOut.toString()));
    cells.add(cell(figures.without()));
    for (String title : attacks) {
      Optional<Attacked> attack =
          figures.attacks().stream().filter(one -> one.title().equals(title)).findFirst();
      cells.add(cell(attack.map(Attacked::asr).orElse(null)));
    }
    cells.add(cell(figures.mean()));
    cells.add(cell(figures.worst()));
    Implicit implicit = figures.implicit();
    cells.add(cell(implicit == null ? null : implicit.shown()));
    cells.add(cell(implicit == null ? null : implicit.original()));
    return cells;
  }

  private static Cell cell(@Nullable Share share) {
    return share == null ? Cell.NONE : Cell.of(share.value(), share.low(), share.high(), 1);
  }

  private static Table single(String title, Figures figures) {
    List<Row> rows = new ArrayList<>();
    Share original = figures.original();
    if (original != null) {
      rows.add(row("published", "Original", original, leftOut(figures.leftOut())));
    }
    rows.add(row("", "Without attack", figures.without(), ""));
    for (Attacked one : figures.attacks()) {
      rows.add(row("", one.title(), one.asr(), won(one)));
    }
    Share mean = figures.mean();
    if (mean != null) {
      rows.add(new Row("mine", "Mean", List.of(cell(mean), Cell.of(""), Cell.of(""))));
    }
    Implicit implicit = figures.implicit();
    if (implicit != null) {
      rows.add(row("", "Implicit prompts", implicit.shown(), leftOut(implicit.leftOut())));
    }
    return new Table(title, List.of("%", "prompts", "of these"), rows);
  }

  private static String leftOut(@Nullable Integer prompts) {
    return prompts == null ? "" : prompts + " left out";
  }

  private static String won(Attacked attack) {
    Share alone = attack.wordsAlone();
    String won = count(attack.won()) + " won";
    Double images = attack.images();
    if (images != null) {
      won += String.format(Locale.ROOT, "; %.1f pictures a prompt", images);
    }
    return alone == null ? won : won + "; " + count(alone) + " by the original without the name";
  }

  private static Row row(String style, String name, Share share, String words) {
    return new Row(style, name, List.of(cell(share), Cell.of(count(share)), Cell.of(words)));
  }

  private static String count(Share share) {
    return String.format(Locale.ROOT, "%.0f of %d", share.count(), share.total());
  }
}
