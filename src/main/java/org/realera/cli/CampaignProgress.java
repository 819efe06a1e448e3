package org.realera.cli;

import java.util.OptionalDouble;
import org.realera.campaign.CampaignListener;
import org.realera.erase.Interruption;
import org.realera.erase.ProgressListener;
import org.realera.eval.EvalListener;
import org.realera.method.Stage;

/** Shows how far a campaign is: the stages of each erasure under its name, then the evaluation. */
final class CampaignProgress implements CampaignListener {
  private final Console console;
  private final Progress progress;
  private final Interruption interruption;

  CampaignProgress(Console console, Progress progress, Interruption interruption) {
    this.console = console;
    this.progress = progress;
    this.interruption = interruption;
  }

  @Override
  public ProgressListener erasing(String name) {
    return new ProgressListener() {
      @Override
      public void started(Stage stage, long steps) {
        progress.begin(name + ": " + stage.title(), steps);
      }

      @Override
      public void advanced(Stage stage, long done, OptionalDouble loss) {
        progress.advance(done, "");
      }

      @Override
      public void finished(Stage stage, String summary) {
        progress.end();
      }
    };
  }

  @Override
  public EvalListener measuring() {
    return new EvalProgress(progress, interruption);
  }

  @Override
  public void note(String line) {
    console.note(line);
  }
}
