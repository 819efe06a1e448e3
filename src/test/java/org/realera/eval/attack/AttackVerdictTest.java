package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.attack.AttackName;
import org.realera.eval.attack.AttackSummary.Attacked;
import org.realera.eval.attack.AttackSummary.Figures;
import org.realera.eval.attack.AttackSummary.Model;
import org.realera.report.AttackPage;
import org.realera.report.EvalPage.Fact;

/** What the page of attacks says of which model. */
class AttackVerdictTest {

  private static AttackedRun run(String label, String concept) {
    return new MadeRun(concept, MadeRun.CLIP, "", "")
        .by(label)
        .attack(AttackName.IMPLICIT, "", false)
        .attack(AttackName.PROBE, "", false)
        .attack(AttackName.RING_A_BELL, "", true)
        .run();
  }

  /** Runs without images. */
  private static List<AttackedRun> runs(String... labels) {
    List<AttackedRun> runs = new ArrayList<>();
    for (String concept : List.of("cat", "dog")) {
      for (String label : labels) {
        runs.add(run(label, concept));
      }
    }
    return runs;
  }

  private static String verdict(Model... models) {
    return AttackPages.of(TwoModels.summary(models), runs("Quick", "Thorough")).verdict();
  }

  private static Model model(String label, Share mean, double worst) {
    Figures figures = TwoModels.figures(1);
    return new Model(
        label,
        List.of("cat"),
        new Figures(
            figures.original(),
            figures.without(),
            figures.attacks(),
            figures.implicit(),
            mean,
            TwoModels.share(1, 20, worst)));
  }

  @Test
  void whoseMeanIsLowestHoldsBest() {
    AttackPage page = AttackPages.of(TwoModels.summary(), runs("Quick", "Thorough"));
    assertThat(page.verdict())
        .isEqualTo(
            "Thorough holds best: 42.0 % on the mean over attacks, 52.0 % under the worst. Quick"
                + " follows with 45.0 %; their intervals overlap.");
    assertThat(page.title()).isEqualTo("2 models, attacked for 2 concepts");
    assertThat(page.judge()).isEqualTo("CLIP (pocket), best of 3 labels");
    AttackTables tables = new AttackTables(TwoModels.summary());
    assertThat(page.table()).isEqualTo(tables.whole());
    assertThat(page.concepts()).containsExactly(tables.of("cat"), tables.of("dog"));
    assertThat(page.runs())
        .extracting(AttackPage.Run::title)
        .containsExactly("Quick, cat", "Thorough, cat", "Quick, dog", "Thorough, dog");
  }

  /** The worst attack on one is no matter of the mean. */
  @Test
  void onlyIntervalsThatDoNotTouchAreApart() {
    Model last = model("Last", TwoModels.share(9, 20, 80), 10);
    Model next = model("Next", TwoModels.share(9, 20, 43), 90);
    Model best = model("Best", TwoModels.share(9, 20, 40), 95);
    assertThat(verdict(last, next, best))
        .isEqualTo(
            "Best holds best: 40.0 % on the mean over attacks, 95.0 % under the worst. Next follows"
                + " with 43.0 %; their intervals overlap.");
    Model apart = model("Next", TwoModels.share(9, 20, 43.5), 90);
    assertThat(verdict(last, apart, best)).endsWith("Next follows with 43.5 %.");
  }

  @Test
  void ofOneModelTheVerdictNamesWhatBringsTheConceptBackMostOften() {
    Figures figures = TwoModels.figures(6);
    Attacked between =
        new Attacked(
            "soft-prompt",
            "Soft prompt",
            TwoModels.share(1, 20, 1),
            null,
            TwoModels.share(13, 20, 65),
            null);
    List<Attacked> attacks = List.of(figures.attacks().get(0), between, figures.attacks().get(1));
    Figures three = new Figures(figures.original(), figures.without(), attacks, null, null, null);
    AttackPage page =
        AttackPages.of(
            TwoModels.summary(new Model("Quick", List.of("cat"), three)),
            List.of(run("Quick", "cat")));
    assertThat(page.verdict())
        .isEqualTo(
            "Without an attack 2 of 20 prompts show it. Under attack up to 13 do (Soft prompt).");
    assertThat(page.title()).isEqualTo("Quick, attacked for cat");
    assertThat(page.concepts()).isEmpty();
  }

  /** All prompts show the concept by themselves: the attack had nothing to win. */
  @Test
  void anAttackThatWonNothingIsNotNamed() {
    Attacked idle =
        new Attacked(
            "probe",
            "Closed-form probe",
            TwoModels.share(0, 0, 0),
            null,
            TwoModels.share(6, 6, 100),
            null);
    Figures figures =
        new Figures(null, TwoModels.share(6, 6, 100), List.of(idle), null, null, null);
    AttackPage page =
        AttackPages.of(
            TwoModels.summary(new Model("Quick", List.of("cat"), figures)),
            List.of(run("Quick", "cat")));
    assertThat(page.verdict())
        .isEqualTo("Without an attack 6 of 6 prompts show it. No attack adds to them.");
    assertThat(page.table().columns()).containsExactly("%", "prompts", "of these");
  }

  /** It shows what the weights can still draw: mean and worst leave it out, too. */
  @Test
  void inversionIsNoAttackThatWordsCouldMake() {
    Figures figures = TwoModels.one().models().get(0).figures();
    Attacked inversion =
        new Attacked(
            "inversion",
            "Concept inversion",
            TwoModels.share(18, 20, 90),
            null,
            TwoModels.share(20, 20, 100),
            null);
    List<Attacked> attacks = List.of(figures.attacks().get(0), inversion);
    Figures both = new Figures(figures.original(), figures.without(), attacks, null, null, null);
    AttackPage page =
        AttackPages.of(
            TwoModels.summary(new Model("Quick", List.of("cat"), both)),
            List.of(run("Quick", "cat")));
    assertThat(page.verdict()).doesNotContain("inversion").contains("Under attack up to ");
  }

  @Test
  void whatIsNotDoneIsNamedBelowTheTable() {
    assertThat(AttackPages.of(TwoModels.summary(), runs("Quick", "Thorough")).notes())
        .contains(
            "Quick, pictures judged of a prompt that was attacked, mean: Closed-form probe 1.0,"
                + " Ring-A-Bell 12.5.")
        .last()
        .isEqualTo("Thorough, cat: not complete and left out: p4d-n, inversion.");
  }

  @Test
  void whatRatesAreIsExplainedAndWordsByTheOriginalWhereThereAreAny() {
    String alone = "“By the original without the name”: found words of which the original model";
    List<AttackedRun> runs = List.of(run("Quick", "cat"));
    assertThat(AttackPages.of(TwoModels.one(), runs).notes())
        .satisfiesExactly(
            note -> assertThat(note).startsWith("A rate counts prompts that show the concept"),
            note -> assertThat(note).startsWith("Concept inversion shows what the weights can"),
            note -> assertThat(note).startsWith(alone));
    Figures all = TwoModels.figures(6);
    Figures probe =
        new Figures(
            all.original(), all.without(), all.attacks().subList(0, 1), null, all.mean(), null);
    AttackSummary none =
        new AttackSummary(
            AttackSummary.SCHEMA,
            "judge",
            List.of(new Model("Quick", List.of("cat"), probe)),
            List.of(
                new AttackSummary.Run(
                    "Quick", "cat", "sky", "s", "m", "f", "pocket", null, List.of(), probe)));
    assertThat(AttackPages.of(none, runs).notes())
        .hasSize(2)
        .noneMatch(note -> note.startsWith(alone));
  }

  @Test
  void theSettingsSayWhatEveryRunWasMadeWith() {
    assertThat(AttackPages.of(TwoModels.one(), List.of(run("Quick", "cat"))).settings())
        .containsExactly(
            new Fact("Suite", "tiny"),
            new Fact("Judge", "CLIP (pocket), best of 3 labels"),
            new Fact("Labels", "cat"),
            new Fact("Attacks", "implicit, probe, ring-a-bell"),
            new Fact("Original", "pocket"),
            new Fact("Prompts", "0 that name the concept"),
            new Fact("Prompts of cat", "4f53cda18c2b"),
            new Fact("Implicit prompts of cat", "1, 964f4a97235c"),
            new Fact("Pictures", "16 x 8, DDIM, 2 steps, guidance 3.0"),
            new Fact("Computed on", "cpu in fp32"),
            new Fact("Made by", "realera test"));
  }
}
