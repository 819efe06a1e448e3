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
}
