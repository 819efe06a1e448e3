package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.Stopped;
import org.realera.method.Stage;
import org.realera.method.StageTask;

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
    try (StageTask stage = log.stage(Stage.OPEN, 1)) {
      pass(1250);
      stage.end("opened");
      pass(10_000); // of no stage
    }
    try (StageTask stage = log.stage(Stage.TEXT, 3)) {
      pass(33);
      stage.end("encoded");
    }
    assertThat(log.timings())
        .containsOnlyKeys(Stage.OPEN.key(), Stage.TEXT.key())
        .containsEntry(Stage.OPEN.key(), 1.25)
        .containsEntry(Stage.TEXT.key(), 0.033);
    assertThat(log.seconds()).isEqualTo(11.783);
  }

  @Test
  void aStageThatFailedHasNoTimeAndTheNextMayBegin() {
    StageLog log = log();
    assertThatThrownBy(
            () -> {
              try (StageTask stage = log.stage(Stage.TEXT, 1)) {
                stage.step(1);
                throw new IllegalArgumentException("no such word");
              }
            })
        .hasMessage("no such word");
    try (StageTask stage = log.stage(Stage.PRIOR, 1)) {
      stage.end("");
    }
    assertThat(log.timings()).containsOnlyKeys(Stage.PRIOR.key());
    assertThat(log.summaries()).containsOnlyKeys(Stage.PRIOR);
  }

  @Test
  void aStageDoesNotBeginInAnother() {
    StageLog log = log();
    try (StageTask stage = log.stage(Stage.TEXT, 1)) {
      stage.end("encoded");
      assertThatThrownBy(() -> log.stage(Stage.PRIOR, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("PRIOR begins in another stage");
    }
  }

  @Test
  void whatAStageHasSavedIsWhatALaterOneStopsWithBeforeItBegins() {
    List<String> begun = new ArrayList<>();
    AtomicBoolean stop = new AtomicBoolean();
    Progress progress =
        new Progress() {
          @Override
          public void begin(String task, long steps) {
            begun.add(task);
          }

          @Override
          public boolean stopRequested() {
            return stop.get();
          }
        };
    StageLog log = new StageLog(progress, new PriorCache(root), () -> now);
    try (StageTask stage = log.stage(Stage.TRAINING, 9)) {
      stage.saved("step 9 of 9 is saved");
      stop.set(true);
      stage.step(9, 0.5); // else the step would be lost
      assertThatThrownBy(() -> stage.step(9))
          .isInstanceOf(Stopped.class)
          .hasMessage("step 9 of 9 is saved");
    }
    assertThatThrownBy(() -> log.stage(Stage.FUSION, 1))
        .isInstanceOf(Stopped.class)
        .hasMessage("step 9 of 9 is saved");
    assertThat(begun).containsExactly(Stage.TRAINING.title());
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
