package org.realera.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.Version;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.ReportSettings.Pictures;
import org.realera.erase.EraseRequest;
import org.realera.erase.Interruption;
import org.realera.erase.ProgressListener;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalRequest.Source;
import org.realera.eval.EvalResult;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.method.Stage;

/**
 * Many erasures and their evaluations in one folder: {@code original/} is the run of the model
 * itself, {@code models/} holds what was erased, {@code runs/} what was measured. Everything that
 * is complete is left as it is, so that an interrupted campaign goes on.
 */
final class Campaign {
  private final Services core;
  private final Interruption interruption;
  private final Progress progress;
  private final Setting setting;

  /**
   * What all erasures of a campaign share.
   *
   * @param model the model to erase from
   * @param shard the part of every run's pictures to draw
   */
  record Setting(
      Suite suite,
      Source model,
      Source scorer,
      @Nullable Integer steps,
      @Nullable Integer batch,
      String device,
      String dtype,
      Shard shard,
      Path out) {}

  Campaign(Services core, Interruption interruption, Progress progress, Setting setting) {
    this.core = core;
    this.interruption = interruption;
    this.progress = progress;
    this.setting = setting;
  }

  /** The concept with the anchor asked for, or else the suite's. */
  static ConceptPair pair(Suite suite, String concept, @Nullable String anchor) {
    String target = anchor == null ? suite.concept(concept).anchor() : anchor;
    if (target == null) {
      throw RealeraException.usage(
          "suite " + suite.name() + " names no anchor for '" + concept + "'", "give --anchor");
    }
    return new ConceptPair(concept, target);
  }

  Path out() {
    return setting.out();
  }

  Source model() {
    return setting.model();
  }

  boolean isSharded() {
    return setting.shard().count() > 1;
  }

  /** An earlier run as what to compare with. */
  static Source source(Path run) {
    return new Source(run.toString(), run);
  }

  /**
   * Draws and scores the original model.
   *
   * @param concept the only concept that will be erased, or null for all words of the suite
   * @return its run folder
   */
  Path original(@Nullable String concept, @Nullable String anchor, @Nullable Integer samples) {
    Path out = setting.out().resolve("original");
    evaluate(setting.model(), null, concept, anchor, "original", samples, out);
    return out;
  }

  /**
   * Erases and measures.
   *
   * @param name a name for the folders, one for each erasure
   * @param label what tables call it
   * @param original the original model or a run of it, or null for none beside it
   * @return the run folder
   */
  EvalResult measure(
      String name,
      String label,
      ConceptPair pair,
      EraseRecipe recipe,
      @Nullable Integer samples,
      @Nullable Source original) {
    Path edited = setting.out().resolve("models").resolve(name);
    EraseRecipe plain =
        recipe.with("concepts", List.of(pair)).with("report.pictures", Pictures.NEVER);
    core.erase(
        new EraseRequest(
            setting.model().reference(),
            setting.model().folder(),
            plain,
            edited,
            setting.device(),
            setting.dtype(),
            true,
            false),
        listener(name),
        interruption);
    return evaluate(
        new Source(name, edited),
        original,
        pair.concept(),
        pair.anchor(),
        label,
        samples,
        setting.out().resolve("runs").resolve(name));
  }

  private EvalResult evaluate(
      Source model,
      @Nullable Source original,
      @Nullable String concept,
      @Nullable String anchor,
      String label,
      @Nullable Integer samples,
      Path out) {
    EvalRequest request =
        new EvalRequest(
            setting.suite(),
            model,
            original,
            setting.scorer(),
            concept,
            anchor,
            label,
            samples,
            setting.steps(),
            null,
            setting.batch(),
            setting.shard(),
            out,
            Version.current());
    return core.evaluate(
        request, setting.device(), setting.dtype(), new EvalProgress(progress, interruption));
  }

  private ProgressListener listener(String name) {
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
}
