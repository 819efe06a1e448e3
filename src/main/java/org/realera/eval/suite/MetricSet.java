package org.realera.eval.suite;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a suite makes of its scores: what its {@code metrics} may be. */
public enum MetricSet {
  /** Acc_e, Acc_s, Acc_g and H_o. */
  ERASURE,
  /** How often something is found, each thing and all together. */
  COUNTS,
  /** The mean over all pictures. */
  MEAN;

  /** As suites and run files write it. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a suite's {@code metrics}.
   *
   * @throws IllegalArgumentException that lists the known ones
   */
  public static MetricSet of(String id) {
    return Arrays.stream(values())
        .filter(set -> set.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "metrics is '"
                        + id
                        + "', which is unknown (known: "
                        + Arrays.stream(values())
                            .map(MetricSet::id)
                            .collect(Collectors.joining(", "))
                        + ")"));
  }
}
