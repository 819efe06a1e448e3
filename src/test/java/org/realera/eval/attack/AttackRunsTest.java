package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.attack.AttackName;
import org.realera.config.MethodName;

class AttackRunsTest {
  /** A part of the first method, say: whatever it is called, it stands below the whole. */
  @Test
  void whatIsNoMethodStandsBetweenTheFirstAndTheSecond(@TempDir Path folder) {
    String first = MethodName.values()[0].title();
    String second = MethodName.values()[1].title();
    List<Path> runs = new ArrayList<>();
    for (String label : List.of(second, "A part", first)) {
      Path run = folder.resolve(label);
      AttackRequest plain = AttackLine.PLAIN.with(List.of(AttackName.PROBE)).to(run);
      new AttackRun(new FakeBackend(), Progress.NONE).run(AttackLine.labelled(plain, label));
      runs.add(run);
    }
    assertThat(AttackRuns.read(runs))
        .extracting(run -> run.info().label())
        .containsExactly(first, "A part", second);
  }
}
