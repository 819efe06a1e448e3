package org.realera.method;

import java.util.Map;
import org.realera.training.Training;
import org.realera.training.Watch;

/**
 * A training as a stage of a run, from the first of its steps that is left to its summary.
 *
 * @param before steps of other trainings that the stage has had
 */
record TrainingStage(Stage stage, Run run, long before) implements Watch {

  TrainingStage(Stage stage, Run run) {
    this(stage, run, 0);
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
