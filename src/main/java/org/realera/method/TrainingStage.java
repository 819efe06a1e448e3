package org.realera.method;

import java.util.Map;
import org.realera.training.Training;
import org.realera.training.Watch;

/** A training as a stage of a run, from the first of its steps that is left to its summary. */
record TrainingStage(Stage stage, Run run) implements Watch {

  /** Takes the steps that are left, and tells the run how it went; the stage has begun. */
  void run(Training training, Training.Slope slope) {
    training.run(this, slope);
    run.losses(training.losses());
    run.result(stage, Map.of("steps", training.losses().size()));
    run.end(stage, Training.summary(training.losses()));
  }

  @Override
  public void step(long done, double loss) {
    run.step(stage, done, loss);
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
