package org.realera.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.realera.attack.AttackName;
import org.realera.campaign.AttackEach;
import org.realera.eval.attack.AttackReport;
import org.realera.eval.attack.AttackRequest;
import org.realera.eval.attack.AttackRuns;
import org.realera.eval.attack.AttackSummary;
import org.realera.eval.attack.AttackSummary.Attacked;
import org.realera.eval.attack.AttackSummary.Figures;
import org.realera.eval.attack.AttackSummary.Implicit;
import org.realera.eval.attack.PlannedPrompt;
import org.realera.eval.attack.PromptPlan;
import org.realera.eval.attack.Share;
import org.realera.eval.run.Shard;

/** What {@code realera eval attack} says. */
final class AttackPrinter {
  private final Console console;
  private final boolean json;

  AttackPrinter(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  /**
   * The figures; for a shard, which has none, how they come together.
   *
   * @param campaign whether there are runs below {@code out}
   */
  void result(@Nullable AttackSummary summary, Shard shard, Path out, boolean campaign) {
    if (summary == null) {
      console.out().println("shard " + shard + " is complete in " + out);
      String below = campaign ? "/" + AttackRuns.ATTACKS + "/*" : "";
      console
          .out()
          .println(
              "When all are: "
                  + Console.asTyped("realera eval report DIR" + below + "... --out DIR"));
      return;
    }
    summary(summary, out);
  }

  void summary(AttackSummary summary, Path out) {
    PrintStream to = console.out();
    if (json) {
      to.print(summary.toJson());
      return;
    }
    Figures first = summary.models().get(0).figures();
    to.printf(
        Locale.ROOT,
        "%n%s: %s prompts%s%s; judge: %s%n",
        String.join(
            ", ", summary.runs().stream().map(AttackSummary.Run::concept).distinct().toList()),
        prompts(summary.models()),
        summary.models().size() > 1 ? " of each model" : "",
        leftOut(summary.models()),
        summary.judge());
    to.println("Attack success in percent: shown without or under the attack (95 % interval)");
    to.println();
    if (summary.models().size() == 1) {
      one(first, to);
    } else {
      many(summary.models(), to);
    }
    incomplete(summary);
    to.println();
    to.println(out.resolve(AttackReport.SUMMARY));
    to.println(out.resolve(AttackReport.TABLE));
    to.println(out.resolve(AttackReport.FOUND));
    to.println(out.resolve(AttackReport.PAGE));
  }

  /** How many, or from how many to how many. */
  private static String prompts(List<AttackSummary.Model> models) {
    return range(models.stream().mapToInt(model -> model.figures().without().total()));
  }

  /** What is known of the prompts that do not count. */
  private static String leftOut(List<AttackSummary.Model> models) {
    int[] known =
        models.stream()
            .map(model -> model.figures().leftOut())
            .filter(Objects::nonNull)
            .mapToInt(Integer::intValue)
            .toArray();
    return known.length == 0
        ? ", all there are: no baseline"
        : ", " + range(IntStream.of(known)) + " left out that the original does not follow";
  }

  private static String range(IntStream counts) {
    IntSummaryStatistics totals = counts.summaryStatistics();
    return totals.getMin() == totals.getMax()
        ? Integer.toString(totals.getMin())
        : totals.getMin() + " to " + totals.getMax();
  }

  private void incomplete(AttackSummary summary) {
    for (AttackSummary.Run run : summary.runs()) {
      if (!run.incomplete().isEmpty()) {
        console.note(
            run.label()
                + ", "
                + run.concept()
                + ": not complete and left out: "
                + String.join(", ", run.incomplete()));
      }
    }
  }

  private static void one(Figures figures, PrintStream to) {
    Share original = figures.original();
    if (original != null) {
      line(to, "original", original, count(original));
    }
    line(to, "without attack", figures.without(), count(figures.without()));
    for (Attacked attack : figures.attacks()) {
      Double images = attack.images();
      String each =
          images == null ? "" : String.format(Locale.ROOT, "; %.1f pictures a prompt", images);
      line(to, attack.attack(), attack.asr(), count(attack.won()) + " won" + each);
    }
    if (figures.mean() != null) {
      line(to, "mean", figures.mean(), "");
    }
    Implicit implicit = figures.implicit();
    if (implicit != null) {
      Integer leftOut = implicit.leftOut();
      line(
          to,
          AttackName.IMPLICIT.label(),
          implicit.shown(),
          count(implicit.shown()) + (leftOut == null ? "" : "; " + leftOut + " left out"));
    }
  }

  private static void line(PrintStream to, String name, Share share, String count) {
    to.println(
        String.format(Locale.ROOT, "%-22s %-22s %s", name, text(share), count).stripTrailing());
  }

  private static String count(Share share) {
    return String.format(Locale.ROOT, "%.0f of %d", share.count(), share.total());
  }

  private static String text(@Nullable Share share) {
    return share == null
        ? "-"
        : String.format(
            Locale.ROOT, "%.1f (%.0f to %.0f)", share.value(), share.low(), share.high());
  }

  private static void many(List<AttackSummary.Model> models, PrintStream to) {
    Set<String> attacks = new LinkedHashSet<>();
    models.forEach(
        model -> model.figures().attacks().forEach(attack -> attacks.add(attack.attack())));
    List<String> heading = new ArrayList<>(List.of("", "without"));
    heading.addAll(attacks);
    heading.addAll(List.of("mean", "worst", AttackName.IMPLICIT.label()));
    row(to, heading);
    for (AttackSummary.Model model : models) {
      Figures figures = model.figures();
      List<String> cells = new ArrayList<>(List.of(model.label(), text(figures.without())));
      for (String attack : attacks) {
        Optional<Attacked> one =
            figures.attacks().stream().filter(a -> a.attack().equals(attack)).findFirst();
        cells.add(text(one.map(Attacked::asr).orElse(null)));
      }
      cells.add(text(figures.mean()));
      cells.add(text(figures.worst()));
      Implicit implicit = figures.implicit();
      cells.add(text(implicit == null ? null : implicit.shown()));
      row(to, cells);
    }
  }

  private static void row(PrintStream to, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(String.format(Locale.ROOT, i == 0 ? "%-22s " : "%-21s ", cells.get(i)));
    }
    to.println(line.toString().stripTrailing());
  }

  /** A dry run of one model. */
  void plan(AttackRequest request) {
    PrintStream to = console.out();
    to.println("# Dry run: nothing is loaded or written.");
    to.println("# model     " + request.victim().model().name());
    to.println(
        "# baseline  "
            + (request.victim().baseline() == null ? "none" : request.victim().baseline().name()));
    to.println("# judge     suite " + request.suite().name() + ", " + request.scorer().name());
    to.println("# attacks   " + names(request.plan().attacks()));
    prompts(request.concept(), request.plan().prompts());
  }

  /** A dry run of a campaign. */
  void plan(AttackEach each, Shard shard) {
    PrintStream to = console.out();
    to.println("# Dry run: nothing is loaded or written.");
    to.println(
        "# methods   " + String.join(", ", each.ways().stream().map(way -> way.label()).toList()));
    if (!shard.isWhole()) {
      to.println("# models    " + String.join(", ", each.models()) + " (shard " + shard + ")");
    }
    to.println("# attacks   " + names(each.asked().attacks()));
    each.pairs()
        .forEach(
            pair ->
                prompts(
                    pair.concept(),
                    Objects.requireNonNull(each.asked().prompts().get(pair.concept()))));
  }

  private static String names(List<AttackName> attacks) {
    return String.join(", ", attacks.stream().map(AttackName::label).toList());
  }

  private void prompts(String concept, PromptPlan plan) {
    PrintStream to = console.out();
    to.println();
    to.println(concept + ", from");
    plan.base().forEach(prompt -> to.println(text(prompt)));
    if (!plan.implicit().isEmpty()) {
      to.println(concept + ", implicit");
      plan.implicit().forEach(prompt -> to.println(text(prompt)));
    }
  }

  private static String text(PlannedPrompt prompt) {
    return String.format(
        Locale.ROOT,
        "  seed %-3d %s%s",
        prompt.seed(),
        prompt.text(),
        prompt.kind() == null ? "" : " (" + prompt.kind() + ")");
  }
}
