package org.realera.campaign;

import org.realera.Progress;

/** The progress of one of many: its tasks stand under its name, and their summaries are dropped. */
record NamedTasks(String name, Progress whole) implements Progress {
  @Override
  public void begin(String task, long steps) {
    whole.begin(name + ": " + task, steps);
  }

  @Override
  public void step(long done, String note) {
    whole.step(done);
  }

  @Override
  public void end(String summary) {
    whole.end("");
  }

  @Override
  public boolean stopRequested() {
    return whole.stopRequested();
  }
}
