package org.realera.method;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.realera.closedform.ClosedForm;
import org.realera.closedform.Projections;

/** Tells the run what a closed form has changed. */
final class ClosedFormStage {
  private ClosedFormStage() {}

  /**
   * Ends the stage of the closed form.
   *
   * @param how it was found, for people: {@code one solve (condition 1.2e+03)}
   * @param figures of the method itself, for the manifest
   */
  static void end(StageTask stage, String how, Map<String, ?> figures, Projections w) {
    Map<String, Object> all = new LinkedHashMap<>(figures);
    all.put("mean_relative_change", w.meanChange());
    all.put("relative_change", w.change());
    stage.result(all);
    stage.end(
        String.format(
            Locale.ROOT,
            "%s, %d projections, changed by %.1f %% on average",
            how,
            w.tensors().size(),
            100 * w.meanChange()));
  }

  /** The same of a closed form that was solved once. */
  static void oneSolve(StageTask stage, ClosedForm closedForm, Projections w) {
    String how = "one solve (" + condition(closedForm.condition()) + ")";
    end(stage, how, Map.of("condition", closedForm.condition()), w);
  }

  /** A condition number for people. */
  static String condition(double condition) {
    return String.format(Locale.ROOT, "condition %.1e", condition);
  }
}
