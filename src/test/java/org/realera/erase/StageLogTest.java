package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.method.Stage;

/** The times that a manifest tells, by a clock that stands still between two looks. */
class StageLogTest {
  private static final long MILLISECOND = 1_000_000;

  @TempDir Path root;
  private long now = 77 * MILLISECOND;

  private StageLog log() {
    return new StageLog(Progress.NONE, new PriorCache(root), () -> now);
  }

  private void pass(long milliseconds) {
    now += milliseconds * MILLISECOND;
  }

  @Test
  void aStageTakesTheSecondsFromItsBeginToItsEnd() {
    StageLog log = log();
    pass(500);
    log.begin(Stage.OPEN, 1);
    pass(1250);
    log.end(Stage.OPEN, "opened");
    pass(10_000); // of no stage
    log.begin(Stage.TEXT, 3);
    pass(33);
    log.end(Stage.TEXT, "encoded");
    assertThat(log.timings())
        .containsOnlyKeys(Stage.OPEN.key(), Stage.TEXT.key())
        .containsEntry(Stage.OPEN.key(), 1.25)
        .containsEntry(Stage.TEXT.key(), 0.033);
    assertThat(log.seconds()).isEqualTo(11.783);
  }

  @Test
  void timesAreRoundedToMilliseconds() {
    StageLog log = log();
    now += 1_499_999;
    assertThat(log.seconds()).isEqualTo(0.001);
    now += 1;
    assertThat(log.seconds()).isEqualTo(0.002);
  }
}
