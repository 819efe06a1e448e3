package org.realera.eval.suite;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a suite makes of its scores: what its {@code metrics} may be. */
public enum MetricSet {
  /** Acc_e, Acc_s, Acc_g and H_o. */
  ERASURE,
  /** How often something is found, each thing and all together. */
  COUNTS,
  /** The mean over all images. */
  MEAN;

  /** As suites and run files write it. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
