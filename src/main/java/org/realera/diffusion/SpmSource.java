package org.realera.diffusion;

import java.util.List;

/**
 * Which adapters of SPM images are drawn with, for files that say how they were made.
 *
 * @param concepts what each erases
 * @param sha256 of the file
 */
public record SpmSource(List<String> concepts, String sha256) {
  private static final int SHOWN = 12;

  @Override
  public String toString() {
    return "SPM of \""
        + String.join("\", \"", concepts)
        + "\" by facilitated transport ("
        + sha256.substring(0, Math.min(SHOWN, sha256.length()))
        + ")";
  }
}
