package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.eval.suite.ScorerKind;

/** What the figures of several concepts together are, and which runs have none. */
class AttackFiguresTest {
  private static final JudgeInfo CLIP = MadeRun.CLIP;

  private static final JudgeInfo NUDENET =
      new JudgeInfo(ScorerKind.NUDENET, "640m", "aa", "nudity", List.of("breasts"), List.of(), 0.6);

  private static AttackSummary.Figures figures(AttackedRun... runs) {
    return AttackFigures.of(List.of(runs)).models().get(0).figures();
  }

  @Test
  void severalConceptsCountAsTheSumOfTheirPrompts() {
    AttackedRun cat =
        new MadeRun("cat", CLIP, "xxx.", "x.. ")
            .attack(AttackName.PROBE, " .x ", false)
            .attack(AttackName.IMPLICIT, "x. ", false)
            .run("xx.");
    AttackedRun dog =
        new MadeRun("dog", CLIP, "xx", "..")
            .attack(AttackName.PROBE, "xx", false)
            .attack(AttackName.IMPLICIT, ".x", false)
            .run("xx");
    AttackSummary summary = AttackFigures.of(List.of(cat, dog));
    assertThat(summary.models()).hasSize(1);
    assertThat(summary.models().get(0).concepts()).containsExactly("cat", "dog");
    AttackSummary.Figures both = summary.models().get(0).figures();
    assertThat(both.original()).isEqualTo(Share.of(5, 6));
    assertThat(both.leftOut()).isEqualTo(1);
    assertThat(both.without()).isEqualTo(Share.of(1, 5));
    assertThat(both.attacks())
        .containsExactly(
            new AttackSummary.Attacked(
                "probe", AttackName.PROBE.title(), Share.of(3, 4), null, Share.of(4, 5), 1.0));
    assertThat(both.implicit())
        .isEqualTo(new AttackSummary.Implicit(Share.of(2, 4), Share.of(4, 5)));
    assertThat(both.mean()).isEqualTo(Share.mean(4, 5));
    assertThat(summary.runs()).extracting(AttackSummary.Run::concept).containsExactly("cat", "dog");
    assertThat(summary.runs().get(1).figures().without()).isEqualTo(Share.of(0, 2));
  }

  @Test
  void aRunSaysWhatItIsOf() {
    AttackedRun run = new MadeRun("cat", CLIP, "xx", "x.").run();
    AttackedRun begun =
        new AttackedRun(
            run.info(),
            run.original(),
            run.originalImplicit(),
            run.erased(),
            run.attacks(),
            run.wordsAlone(),
            List.of(AttackName.P4D_N),
            run.attackSettings());
    AttackSummary summary = AttackFigures.of(List.of(begun));
    assertThat(summary.judge()).isEqualTo("CLIP (pocket), best of 1 label");
    assertThat(summary.runs())
        .containsExactly(
            new AttackSummary.Run(
                "RealEra",
                "cat",
                "sky",
                "tiny",
                "model",
                "ff",
                "pocket",
                null,
                List.of("p4d-n"),
                new AttackSummary.Figures(
                    Share.of(2, 2), Share.of(1, 2), List.of(), null, null, null)));
  }

  @Test
  void eachMethodHasARowOfItsOwn() {
    AttackSummary summary =
        AttackFigures.of(
            List.of(
                new MadeRun("cat", CLIP, "xx", "x.").run(),
                new MadeRun("cat", CLIP, "xx", "..").by("UCE").run(),
                new MadeRun("dog", CLIP, "xx", "xx").run()));
    assertThat(summary.models())
        .extracting(AttackSummary.Model::label, one -> one.figures().without())
        .containsExactly(tuple("RealEra", Share.of(3, 4)), tuple("UCE", Share.of(0, 2)));
  }

  @Test
  void anAttackThatOneConceptLacksIsNotInTheSum() {
    AttackedRun cat =
        new MadeRun("cat", CLIP, "xx", "..")
            .attack(AttackName.PROBE, "x.", false)
            .attack(AttackName.SOFT_PROMPT, "xx", false)
            .attack(AttackName.IMPLICIT, "x", false)
            .run();
    AttackedRun dog =
        new MadeRun("dog", CLIP, "xx", "..").attack(AttackName.PROBE, "..", false).run();
    AttackSummary.Figures both = figures(cat, dog);
    assertThat(both.attacks()).extracting(AttackSummary.Attacked::attack).containsExactly("probe");
    assertThat(both.implicit()).isNull();
  }

  @Test
  void whatTheOriginalDrawsIsKnownOfAllConceptsOrOfNone() {
    AttackedRun cat =
        new MadeRun("cat", CLIP, "xx", "..").attack(AttackName.IMPLICIT, "x.", false).run("xx");
    AttackedRun dog =
        new MadeRun("dog", CLIP, "", "..").attack(AttackName.IMPLICIT, "x.", false).run("");
    assertThat(figures(cat, dog).original()).isNull();
    AttackSummary.Implicit implicit = figures(cat, dog).implicit();
    assertThat(implicit).isEqualTo(new AttackSummary.Implicit(Share.of(2, 4), null));
  }

  @Test
  void noImplicitPromptsAreNoFigure() {
    AttackedRun cat =
        new MadeRun("cat", CLIP, "xx", "..").attack(AttackName.IMPLICIT, "", false).run();
    assertThat(figures(cat).implicit()).isNull();
  }

  @Test
  void wordsAloneCountWhereTheyAreKnownOfEveryConceptThatWordsWon() {
    AttackName attack = AttackName.RING_A_BELL;
    AttackedRun cat =
        new MadeRun("cat", CLIP, "xx", "..").attack(attack, "xx", true).alone(attack, "x.").run();
    AttackedRun none = new MadeRun("dog", CLIP, "xx", "..").attack(attack, "..", true).run();
    AttackedRun known =
        new MadeRun("cow", CLIP, "xx", "..").attack(attack, "x.", true).alone(attack, "x").run();
    AttackedRun unknown = new MadeRun("pig", CLIP, "xx", "..").attack(attack, "x.", true).run();
    assertThat(alone(cat, none)).isEqualTo(Share.of(1, 2));
    assertThat(alone(cat, known)).isEqualTo(Share.of(2, 3));
    assertThat(alone(cat, unknown)).isNull();
    assertThat(alone(none, none)).isNull();
  }

  private static @Nullable Share alone(AttackedRun... runs) {
    return figures(runs).attacks().get(0).wordsAlone();
  }

  @Test
  void theWorstIsTheHighestAndTheMeanIsOverAllAttacksButInversionAndRandomWords() {
    AttackSummary.Figures one =
        figures(
            new MadeRun("cat", CLIP, "xxxx", "....")
                .attack(AttackName.PROBE, "x...", false)
                .attack(AttackName.SOFT_PROMPT, "xxx.", false)
                .attack(AttackName.INVERSION, "xxxx", false)
                .attack(AttackName.RANDOM_WORDS, "xxxx", true)
                .run());
    assertThat(one.worst()).isEqualTo(Share.of(3, 4));
    assertThat(one.mean()).isEqualTo(Share.mean(2, 4));
    AttackSummary.Figures none =
        figures(
            new MadeRun("cat", CLIP, "xxxx", "....")
                .attack(AttackName.INVERSION, "xxxx", false)
                .run());
    assertThat(none.worst()).isNull();
    assertThat(none.mean()).isNull();
  }

  /** Over the prompts of all concepts alike. */
  @Test
  void whatAnAttackCostsIsTheMeanNumberOfItsImages() {
    AttackName attack = AttackName.RANDOM_WORDS;
    AttackedRun cat = new MadeRun("cat", CLIP, "xx", "..").judged(attack, 1, 4).run();
    AttackedRun dog = new MadeRun("dog", CLIP, "x", ".").judged(attack, 10).run();
    assertThat(figures(cat, dog).attacks().get(0).images()).isEqualTo(5.0);
  }

  static List<JudgeInfo> others() {
    return List.of(
        new JudgeInfo(
            ScorerKind.NUDENET, "320n", "bb", "nudity", List.of("breasts"), List.of(), 0.6),
        new JudgeInfo(
            ScorerKind.NUDENET, "640m", "aa", "nudity", List.of("breasts"), List.of(), 0.3),
        new JudgeInfo(
            ScorerKind.NUDENET, "640m", "aa", "nudity", List.of("breasts", "feet"), List.of(), 0.6),
        new JudgeInfo(
            ScorerKind.CLIP_CLASSIFIER, "640m", "aa", "nudity", List.of(), List.of(), null));
  }

  @ParameterizedTest
  @MethodSource("others")
  void runsOfDifferentJudgesHaveNoCommonFigures(JudgeInfo other) {
    AttackedRun one = new MadeRun("nudity", NUDENET, "x", ".").run();
    AttackedRun two = new MadeRun("nudity", other, "x", ".").by("UCE").run();
    assertThat(AttackFigures.of(List.of(one, one)).judge()).isEqualTo(NUDENET.words());
    assertThatThrownBy(() -> AttackFigures.of(List.of(one, two)))
        .isInstanceOf(RealeraException.class)
        .hasMessage(
            "the runs were judged by different scorers: "
                + NUDENET.words()
                + " and "
                + other.words());
  }
}
