package org.realera.erase;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;

/**
 * The most memory that this program holds at once, by what Linux says of a process: resident pages,
 * the mapped files of models among them. Other systems do not tell.
 */
final class PeakMemory {
  private static final Path SELF = Path.of("/proc/self");
  private static final String HIGH_WATER = "VmHWM:";

  /** Sets the mark back to what is held now. */
  private static final byte[] RESET = "5".getBytes(StandardCharsets.US_ASCII);

  private final boolean known;

  private PeakMemory(boolean known) {
    this.known = known;
  }

  /** Begins to measure. Where the mark can't be set back, it would be that of earlier work. */
  static PeakMemory fromNow() {
    try {
      Files.write(SELF.resolve("clear_refs"), RESET, StandardOpenOption.WRITE);
      return new PeakMemory(true);
    } catch (IOException | SecurityException e) {
      return new PeakMemory(false);
    }
  }

  /** The most that it could hold: the memory of the machine, or of the container it runs in. */
  static long limit() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** Bytes, or empty if the system does not tell. */
  OptionalLong bytes() {
    if (!known) {
      return OptionalLong.empty();
    }
    try {
      return highWater(Files.readAllLines(SELF.resolve("status"), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * The mark in what Linux says of a process.
   *
   * @param status lines of {@code /proc/self/status}
   * @return bytes, or empty if there is none
   */
  static OptionalLong highWater(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith(HIGH_WATER))
        .map(line -> line.replaceAll("\\D", ""))
        .filter(digits -> !digits.isEmpty())
        .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
        .findFirst();
  }
}
