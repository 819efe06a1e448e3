package org.realera.files;

import java.util.Locale;

/** Numbers of bytes for people. */
public final class Sizes {
  private Sizes() {}

  /**
   * {@code 3.44 GB}, {@code 35.0 MB}, {@code 12.3 kB}: powers of ten, as disks and the hub count.
   */
  public static String text(long bytes) {
    if (bytes < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
    }
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
