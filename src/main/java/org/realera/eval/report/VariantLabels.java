package org.realera.eval.report;

import java.util.List;
import org.realera.eval.metrics.Summary;

/** What tables call the method with some of its parts off: the rows of the paper's Table 3. */
public final class VariantLabels {
  public static final String CLOSED_FORM = "1 closed form";
  public static final String ALIGNED = "2 + noise alignment";
  public static final String MINED = "3 + neighbor mining";
  public static final String FULL = "full";

  private static final List<String> ALL = List.of(CLOSED_FORM, ALIGNED, MINED, FULL);

  private VariantLabels() {}

  /** Whether the runs are variants of one erasure. */
  static boolean are(List<Summary.Run> runs) {
    return runs.size() > 1
        && runs.get(0).concept() != null
        && runs.stream().map(Summary.Run::concept).distinct().count() == 1
        && runs.stream().map(Summary.Run::label).distinct().count() == runs.size()
        && runs.stream().allMatch(run -> ALL.contains(run.label()));
  }
}
