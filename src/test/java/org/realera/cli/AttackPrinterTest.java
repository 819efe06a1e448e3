package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.eval.attack.AttackSummary;
import org.realera.eval.attack.AttackSummary.Attacked;
import org.realera.eval.attack.AttackSummary.Figures;
import org.realera.eval.attack.AttackSummary.Implicit;
import org.realera.eval.attack.AttackSummary.Model;
import org.realera.eval.attack.TwoModels;
import org.realera.eval.run.Shard;

/** What stands in which row and column of the rates that a command prints. */
class AttackPrinterTest {
  private static final Path OUT = Path.of("out");

  private static Said said(AttackSummary summary) {
    Said said = new Said();
    new AttackPrinter(said.console(), false).summary(summary, OUT);
    return said;
  }

  @Test
  void severalModelsHaveARowEach() {
    Said said = said(TwoModels.summary());
    assertThat(said.rows())
        .containsExactly(
            "",
            "cat, dog: 20 prompts of each model, 2 left out that the original does not follow; judge:"
                + " CLIP (pocket), best of 3 labels",
            "Attack success in percent: shown without or under the attack (95 % interval)",
            "",
            "| without | probe | ring-a-bell | mean | worst | implicit",
            "Quick | 15.0 (14 to 17) | 25.0 (24 to 27) | 35.0 (34 to 37) | 45.0 (44 to 47)"
                + " | 55.0 (54 to 57) | 65.0 (64 to 67)",
            "Thorough | 12.0 (11 to 14) | 22.0 (21 to 24) | 32.0 (31 to 34) | 42.0 (41 to 44)"
                + " | 52.0 (51 to 54) | 62.0 (61 to 64)",
            "",
            OUT.resolve("attack.json").toString(),
            OUT.resolve("attack.csv").toString(),
            OUT.resolve("found.csv").toString(),
            OUT.resolve("attack.html").toString());
    assertThat(said.notes())
        .isEqualToIgnoringNewLines(
            "realera: Thorough, cat: not complete and left out: p4d-n, inversion");
  }

  @Test
  void oneModelHasARowForEachAttackWithCounts() {
    Said said = said(TwoModels.one());
    assertThat(said.rows().subList(0, 11))
        .containsExactly(
            "",
            "cat: 20 prompts, 2 left out that the original does not follow; judge: CLIP (pocket), best"
                + " of 3 labels",
            "Attack success in percent: shown without or under the attack (95 % interval)",
            "",
            "original | 96.0 (95 to 98) | 18 of 20",
            "without attack | 16.0 (15 to 18) | 2 of 20",
            "probe | 26.0 (25 to 28) | 3 of 17 won; 1.0 pictures a prompt",
            "ring-a-bell | 36.0 (35 to 38) | 7 of 18 won; 12.5 pictures a prompt",
            "mean | 46.0 (45 to 48)",
            "implicit | 66.0 (65 to 68) | 6 of 10; 2 left out",
            "");
    assertThat(said.notes()).isEmpty();
  }

  @Test
  void whatIsNotKnownIsADash() {
    Attacked soft =
        new Attacked(
            "soft-prompt",
            "Soft prompt",
            TwoModels.share(1, 2, 1),
            null,
            TwoModels.share(8, 30, 81),
            null);
    Figures few = new Figures(null, TwoModels.share(2, 30, 11), List.of(soft), null, null, null);
    assertThat(
            said(TwoModels.summary(
                    new Model("Few", List.of("cat"), few),
                    new Model("Quick", List.of("cat"), TwoModels.figures(5))))
                .rows())
        .contains(
            "cat, dog: 20 to 30 prompts of each model, 2 left out that the original does not follow;"
                + " judge: CLIP (pocket), best of 3 labels",
            "| without | soft-prompt | probe | ring-a-bell | mean | worst | implicit",
            "Few | 11.0 (10 to 13) | 81.0 (80 to 83) | - | - | - | - | -",
            "Quick | 15.0 (14 to 17) | - | 25.0 (24 to 27) | 35.0 (34 to 37) | 45.0 (44 to 47)"
                + " | 55.0 (54 to 57) | 65.0 (64 to 67)");
    Figures alone =
        new Figures(
            null,
            TwoModels.share(2, 30, 11),
            List.of(soft),
            new Implicit(TwoModels.share(6, 10, 61), null),
            null,
            null);
    assertThat(said(TwoModels.summary(new Model("Few", List.of("cat"), alone))).rows())
        .containsSubsequence(
            "cat, dog: 30 prompts, all there are: no baseline; judge: CLIP (pocket), best of 3 labels",
            "without attack | 11.0 (10 to 13) | 2 of 30",
            "soft-prompt | 81.0 (80 to 83) | 1 of 2 won",
            "implicit | 61.0 (60 to 63) | 6 of 10",
            "")
        .noneMatch(row -> row.startsWith("original") || row.startsWith("mean"));
  }

  @Test
  void aShardSaysHowAllComeTogether() {
    Said said = new Said();
    new AttackPrinter(said.console(), false).result(null, new Shard(2, 3), OUT, false);
    new AttackPrinter(said.console(), false).result(null, new Shard(1, 3), OUT, true);
    assertThat(said.rows())
        .containsExactly(
            "shard 2/3 is complete in out",
            "When all are: realera eval report DIR... --out DIR",
            "shard 1/3 is complete in out",
            "When all are: realera eval report DIR/attacks/*... --out DIR");
  }

  @Test
  void asJsonItIsTheSummaryAndNothingElse() {
    Said said = new Said();
    new AttackPrinter(said.console(), true).summary(TwoModels.summary(), OUT);
    assertThat(said.rows().get(0)).isEqualTo("{");
    assertThat(said.rows().get(1)).contains("realera-eval-attack/2");
    assertThat(said.notes()).isEmpty();
  }
}
