package org.realera.eval.attack;

import java.util.Locale;
import org.realera.Progress;

/**
 * The progress of an attack on one of many prompts: its steps stand behind the prompts done.
 *
 * @param done prompts before it
 */
record StepsOfPrompt(Progress whole, long done) implements Progress {
  @Override
  public void step(long steps, String note) {
    String words = String.format(Locale.ROOT, "step %d", steps);
    whole.step(done, note.isEmpty() ? words : words + ", " + note);
  }

  @Override
  public void note(String line) {
    whole.note(line);
  }

  @Override
  public boolean stopRequested() {
    return whole.stopRequested();
  }
}
