package org.realera.method;

import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.function.Predicate;
import org.realera.tensor.Edits;
import org.realera.training.Training;
import org.realera.training.TrainingSettings;
import org.realera.training.Watch;
import org.realera.training.WholeWeights;

/**
 * A training as a stage of a run, from the first of its steps that is left to its summary.
 *
 * @param before steps of other trainings that the stage has had
 */
record TrainingStage(Stage stage, Run run, long before) implements Watch {
  /** Keeps the state of {@link #whole}. */
  static final String FILE = "training.safetensors";

  TrainingStage(Stage stage, Run run) {
    this(stage, run, 0);
  }

  /**
   * A training of the U-Net's own weights, from its beginning to what came of it. All that it held
   * beside that is freed.
   *
   * @param which tells by its full name if a tensor is trained
   * @param file of its state, in the run's
   * @param scope owns the trained tensors; a manager of the CPU
   */
  static Edits whole(
      Model model,
      Predicate<String> which,
      String file,
      TrainingSettings settings,
      Training.Slope slope,
      Run run,
      NDManager scope) {
    run.begin(Stage.TRAINING, settings.steps());
    WholeWeights theta = WholeWeights.of(model.unetWeights(), Map.of(), which);
    try (Training training = Training.begin(run.state().resolve(file), theta, settings)) {
      new TrainingStage(Stage.TRAINING, run).run(training, slope);
      return new Edits(theta.merge(Map.of(), model.unetWeights(), scope), 1);
    }
  }

  /** Takes the steps that are left, and tells the run how it went; the stage has begun. */
  void run(Training training, Training.Slope slope) {
    training.run(this, slope);
    run.losses(training.losses());
    run.result(stage, Map.of("steps", training.losses().size()));
    run.end(stage, Training.summary(training.losses()));
  }

  @Override
  public void step(long done, double loss) {
    run.step(stage, before + done, loss);
  }

  @Override
  public boolean stopRequested() {
    return run.stopRequested();
  }

  @Override
  public void saved(String what) {
    run.saved(what);
  }

  @Override
  public RuntimeException stopped() {
    return run.stopped();
  }
}
