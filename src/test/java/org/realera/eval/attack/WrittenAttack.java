package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.List;
import org.realera.Progress;

/** A run of attacks on three prompts, for tests of damaged files. */
public final class WrittenAttack {
  private WrittenAttack() {}

  /** Writes one and returns its folder. */
  public static Path in(Path folder) {
    Path run = folder.resolve("run");
    new AttackRun(new FakeBackend(), Progress.NONE).run(AttackLine.PLAIN.to(run));
    return run;
  }

  /** Reads one and writes its page beside it. */
  public static void report(Path run) {
    AttackReport.write(List.of(run), run.resolveSibling("page"));
  }
}
