package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What Linux's words for a process mean. */
class PeakMemoryTest {
  /** Linux writes kB where it means KiB. */
  @Test
  void theMostThatWasResidentIsToldInBytes() {
    List<String> status =
        List.of(
            "Name:\tjava",
            "VmPeak:\t 9000000 kB",
            "VmSize:\t 8000000 kB",
            "VmHWM:\t 1234567 kB",
            "VmRSS:\t   42000 kB",
            "Threads:\t7");
    assertThat(PeakMemory.highWater(status)).hasValue(1_264_196_608L);
  }

  @Test
  void whereNothingIsSaidNothingIsTold() {
    assertThat(PeakMemory.highWater(List.of("Name:\tjava", "VmRSS:\t   42000 kB"))).isEmpty();
    assertThat(PeakMemory.highWater(List.of("VmHWM:\t"))).isEmpty();
    assertThat(PeakMemory.highWater(List.of())).isEmpty();
  }
}
