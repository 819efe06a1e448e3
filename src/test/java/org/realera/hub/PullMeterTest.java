package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.realera.Progress;
import org.realera.Stopped;

class PullMeterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MB = 1_000_000;

  private final AtomicLong clock = new AtomicLong();
  private final List<String> shown = new ArrayList<>();
  private boolean stop;
  private final PullMeter pull = new PullMeter(recorder(), "a/b", clock::get);

  private Progress recorder() {
    return new Progress() {
      @Override
      public void begin(String task, long steps) {
        shown.add(task + " " + steps);
      }

      @Override
      public void step(long done, String note) {
        shown.add(done + " " + note);
      }

      @Override
      public void note(String line) {
        shown.add(line);
      }

      @Override
      public boolean stopRequested() {
        return stop;
      }
    };
  }

  @Test
  void itTellsTheRateAndTheTimeThatIsLeft() {
    pull.started(12, 4000 * MB, 1000 * MB);
    clock.set(2 * SECOND);
    pull.arrived(60 * MB);
    assertThat(shown)
        .containsExactly(
            "a/b: 12 files, 4.00 GB, 1.00 GB here", "Pull (MB) 4000", "1060 30.0 MB/s, 1:38 left");
  }

  @Test
  void theRateIsThatOfTheLastSeconds() {
    pull.started(1, 100_000 * MB, 0);
    for (int second = 1; second <= 60; second++) {
      clock.set(second * SECOND);
      pull.arrived(second <= 30 ? 100 * MB : 10 * MB);
    }
    assertThat(shown.get(shown.size() - 1)).contains("10.0 MB/s, 2:41:10 left");
  }

  @Test
  void nothingIsClaimedBeforeAnythingHasCome() {
    pull.started(1, 100 * MB, 0);
    pull.arrived(0);
    clock.set(5 * SECOND);
    pull.arrived(0);
    assertThat(shown).endsWith("0 ", "0 ");
  }

  @Test
  void theEndIsToldOnce() {
    pull.started(1, 100 * MB, 0);
    clock.set(9 * SECOND);
    pull.arrived(100 * MB);
    pull.arrived(0);
    assertThat(shown).filteredOn(l -> l.equals("a/b: 100.0 MB in 9.0 s")).hasSize(1);
  }

  @Test
  void ctrlCStopsItAndSaysThatWhatArrivedIsKept() {
    pull.started(1, 100 * MB, 0);
    stop = true;
    assertThatThrownBy(() -> pull.arrived(MB))
        .isInstanceOf(Stopped.class)
        .hasMessageContaining("is kept");
  }
}
