package org.realera.cli;

import java.util.List;
import org.realera.diffusion.Drawing;
import org.realera.diffusion.Image;
import org.realera.erase.Interruption;

/** Shows how far the drawing is, writes what is drawn, and lets a signal stop it. */
record DrawingProgress(ImageOutput files, Progress progress, Interruption interruption)
    implements Drawing.Listener {
  private static final int SHOWN = 60;

  @Override
  public void begun(long steps, List<String> cutOff) {
    cutOff.forEach(prompt -> progress.note(note(prompt)));
    progress.begin("Draw", steps);
  }

  private static String note(String prompt) {
    String start = prompt.length() > SHOWN ? prompt.substring(0, SHOWN) + "..." : prompt;
    return "realera: the model reads only the first 75 tokens of \"" + start + "\"";
  }

  @Override
  public void advanced(long steps) {
    interruption.check("pictures that were complete are written");
    progress.advance(steps, "");
  }

  @Override
  public void drawn(List<Image> images) {
    files.add(images);
  }
}
