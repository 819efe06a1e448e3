package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.attack.AttackName;

/** What the page of several runs says of how they were made. */
class AttackPagesTest {
  @TempDir private Path folder;

  private Path run(AttackLine line, String name) {
    Path out = folder.resolve(name);
    new AttackRun(new FakeBackend(), Progress.NONE).run(line.to(out));
    return out;
  }

  private String page(AttackLine one, AttackLine other) throws IOException {
    AttackReport.write(List.of(run(one, "one"), run(other, "other")), folder);
    return Files.readString(folder.resolve(AttackReport.PAGE));
  }

  @Test
  void runsThatWereMadeAlikeHaveOneSettingEach() throws IOException {
    String page = page(AttackLine.PLAIN, AttackLine.PLAIN.model("other-model"));
    assertThat(page)
        .contains("16 x 16, DDIM, 2 steps, guidance 3.0")
        .doesNotContain("were not made alike");
  }

  /** One page stands for one budget: a rate of more steps beside one of fewer would mislead. */
  @Test
  void runsOfOtherBudgetsAreNamed() throws IOException {
    AttackLine searched = AttackLine.PLAIN.with(List.of(AttackName.RING_A_BELL));
    String page = page(searched, searched.model("other-model").set("ring_a_bell.population=20"));
    String budget = "strength 3.0, tokens 16, population %d, generations 40, mutation 0.25,";
    assertThat(page)
        .contains(
            "were not made alike, so their figures can't be compared. Ring-A-Bell: "
                + budget.formatted(20)
                + " crossover 0.5 (other-model, airplane); "
                + budget.formatted(40)
                + " crossover 0.5 (no-airplane, airplane).");
  }
}
