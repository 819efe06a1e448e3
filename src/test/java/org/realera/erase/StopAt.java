package org.realera.erase;

import java.util.ArrayList;
import java.util.List;
import org.realera.Progress;
import org.realera.method.Stage;

/** Asks for a stop once a step of a stage is done; step 0 is the stage's beginning. */
final class StopAt implements Progress {
  private final Stage stage;
  private final long step;
  private final List<Long> steps = new ArrayList<>();
  private boolean inStage;
  private boolean requested;

  StopAt(Stage stage, long step) {
    this.stage = stage;
    this.step = step;
  }

  /** The steps of the stage that were done. */
  List<Long> steps() {
    return steps;
  }

  @Override
  public void begin(String task, long count) {
    inStage = task.equals(stage.title());
    requested |= inStage && step == 0;
  }

  @Override
  public void step(long done, String note) {
    if (inStage) {
      steps.add(done);
      requested |= done == step;
    }
  }

  @Override
  public boolean stopRequested() {
    return requested;
  }
}
