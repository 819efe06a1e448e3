package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.attack.AttackName;

/** What is refused before anything is loaded. */
class AttackCheckTest {
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
}
