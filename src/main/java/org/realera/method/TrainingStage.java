package org.realera.method;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.realera.tensor.Edits;
import org.realera.training.Training;
import org.realera.training.TrainingSettings;
import org.realera.training.WholeWeights;

/** A training as a stage of a run, from the first of its steps that is left to its summary. */
final class TrainingStage {
  /** The state of {@link #whole}. */
  private static final String NAME = "training";

  private TrainingStage() {}

  /**
   * A training of the U-Net's own weights, from its beginning to what came of it. All that it held
   * beside that is freed.
   *
   * @param which tells by its full name if a tensor is trained
   * @param scope owns the trained tensors; a manager of the CPU
   */
  static Edits whole(
      Model model,
      Predicate<String> which,
      TrainingSettings settings,
      Training.Slope slope,
      Run run,
      NDManager scope) {
    try (StageTask stage = run.stage(Stage.TRAINING, settings.steps())) {
      WholeWeights theta = WholeWeights.of(model.unetWeights(), Map.of(), which);
      try (Training training = Training.begin(run.state(), NAME, theta, settings)) {
        training.run(stage, 0, slope);
        end(stage, training.losses(), Map.of(), run);
        return new Edits(theta.merge(Map.of(), model.unetWeights(), scope), 1);
      }
    }
  }

  /**
   * Ends the stage, and tells the run how it went.
   *
   * @param losses of all its steps
   * @param figures of the method itself, for the manifest
   */
  static void end(StageTask stage, List<Double> losses, Map<String, ?> figures, Run run) {
    Map<String, Object> all = new TreeMap<>(figures);
    all.put("steps", losses.size());
    run.losses(losses);
    stage.result(all);
    stage.end(Training.summary(losses));
  }
}
