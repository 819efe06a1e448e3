package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.config.ConceptPair;
import org.realera.config.RecipeReader;
import org.realera.eval.suite.SuiteReader;

/** What is refused before anything is loaded. */
class AttackCheckTest {
  /** Without it they would aim at the erased model itself. */
  private static final Set<AttackName> NEED_THE_ORIGINAL =
      EnumSet.of(
          AttackName.PROBE,
          AttackName.SOFT_PROMPT,
          AttackName.UNLEARNDIFF,
          AttackName.P4D_N,
          AttackName.P4D_K,
          AttackName.INVERSION);

  private final Path folder = Path.of("runs");

  @Test
  void implicitPromptsAloneAreRefusedWhereThereAreNone() {
    PromptPlan none = new PromptPlan(AttackLine.PLAN.base(), List.of());
    AttackLine line = AttackLine.PLAIN.with(none).with(List.of(AttackName.IMPLICIT));
    assertThatThrownBy(() -> AttackRun.check(line.to(folder)))
        .isInstanceOf(RealeraException.class)
        .hasMessage("there are no prompts that mean 'airplane' without naming it");
    AttackRun.check(line.with(AttackLine.PLAN).to(folder));
    AttackRun.check(line.with(List.of(AttackName.IMPLICIT, AttackName.PROBE)).to(folder));
  }

  @ParameterizedTest
  @EnumSource
  void attacksThatNeedTheOriginalAreRefusedWithoutIt(AttackName attack) {
    AttackLine line = AttackLine.PLAIN.with(List.of(attack));
    AttackRun.check(line.to(folder));
    AttackRequest alone = line.baseline(null).to(folder);
    if (NEED_THE_ORIGINAL.contains(attack)) {
      assertThatThrownBy(() -> AttackRun.check(alone))
          .isInstanceOf(RealeraException.class)
          .hasMessage("the attack " + attack.label() + " needs the original model");
    } else {
      assertThatCode(() -> AttackRun.check(alone)).doesNotThrowAnyException();
    }
  }

  /** Of a plane NudeNet says little, and an erasure of it would look perfect. */
  @Test
  void whatNudeNetCannotKnowIsRefusedUnlessPromptsMeanIt() {
    PromptPlan none = new PromptPlan(AttackLine.PLAN.base(), List.of());
    List<AttackName> attacks = List.of(AttackName.PROBE);
    AttackRequest bare = AttackLine.PLAIN.with(none).with(attacks).to(folder);
    assertThatThrownBy(() -> AttackRun.check(ofNudeNet(bare, "airplane")))
        .isInstanceOf(RealeraException.class)
        .hasMessage(
            "the judge of suite explicit counts bare parts of bodies, which says nothing of"
                + " 'airplane'");
    AttackRun.check(ofNudeNet(bare, "Nude"));
    for (ConceptPair erased :
        RecipeReader.read(Path.of("configs/erase/explicit.yaml")).concepts()) {
      AttackRun.check(ofNudeNet(bare, erased.concept()));
    }
    AttackRequest meant = AttackLine.PLAIN.with(AttackLine.PLAN).with(attacks).to(folder);
    AttackRun.check(ofNudeNet(meant, "airplane"));
  }

  private static AttackRequest ofNudeNet(AttackRequest plain, String concept) {
    return new AttackRequest(
        SuiteReader.read("explicit"),
        plain.sampler(),
        plain.victim(),
        plain.scorer(),
        concept,
        null,
        plain.plan(),
        plain.shard(),
        plain.twin(),
        plain.out(),
        plain.tool());
  }
}
