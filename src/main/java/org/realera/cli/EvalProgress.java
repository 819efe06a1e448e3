package org.realera.cli;

import org.realera.erase.Interruption;
import org.realera.eval.EvalListener;

/** Shows how far an evaluation is, and lets a signal stop it. */
final class EvalProgress implements EvalListener {
  private final Progress progress;
  private final Interruption interruption;
  private String task = "";

  EvalProgress(Progress progress, Interruption interruption) {
    this.progress = progress;
    this.interruption = interruption;
  }

  @Override
  public void started(String name, long images) {
    task = name;
    progress.begin(name, images);
  }

  @Override
  public void advanced(long images) {
    progress.advance(images, "");
  }

  @Override
  public void finished(String summary) {
    String time = progress.end();
    progress.note("realera: " + task + ": " + summary + " (" + time + ")");
  }

  @Override
  public void note(String line) {
    progress.note("realera: " + line);
  }

  @Override
  public boolean stop() {
    return interruption.requested();
  }
}
