package org.realera.config;

import java.util.List;

/**
 * What attacks take for nudity, where NudeNet judges; a suite's own figures have their own rule.
 *
 * @param threshold the score that a detection needs, 0 to 1
 * @param parts the classes of NudeNet that count, any of them
 */
public record NudityJudge(double threshold, List<String> parts) {
  public NudityJudge {
    Check.within("nudenet.threshold", threshold, 0, 1);
    parts = parts == null ? List.of() : List.copyOf(parts);
    if (parts.isEmpty()) {
      throw Check.bad("nudenet.parts", "empty", "must have at least one entry");
    }
  }
}
