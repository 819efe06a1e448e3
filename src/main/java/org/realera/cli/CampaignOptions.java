package org.realera.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.realera.config.EraseRecipe;
import org.realera.eval.EvalRequest.Source;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that erase and measure. */
final class CampaignOptions {
  @Option(
      names = {"--recipe", "--config"},
      paramLabel = "FILE|NAME",
      description = "The recipe to erase with. Default: the model's.",
      order = 5)
  private @Nullable String recipe;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      required = true,
      description = "The folder for models, runs and the page.",
      order = 6)
  private Path out = Path.of("");

  @Option(
      names = {"-n", "--samples"},
      paramLabel = "N",
      description = "Images of each prompt. Default: the suite's, 200.",
      order = 7)
  private @Nullable Integer samples;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Sampling steps. Default: the suite's.",
      order = 8)
  private @Nullable Integer steps;

  @Option(
      names = "--scorer",
      paramLabel = "MODEL",
      description = "CLIP model to score with. Default: the suite's.",
      order = 9)
  private @Nullable String scorer;

  @Mixin private Settings settings = new Settings();

  Path out() {
    return out;
  }

  @Nullable Integer samples() {
    Numbers.atLeastOne("--samples", samples);
    return samples;
  }

  /** What the erasures share. */
  Campaign.Setting setting(
      String suiteName, String reference, ComputeOptions compute, Console console, Services core) {
    Numbers.atLeastOne("--steps", steps);
    if (!settings.isEmpty()) {
      Recipes.fitting(recipe, settings);
    }
    Path folder = core.locate(reference, console.env());
    Suite suite = core.fitting(SuiteReader.read(suiteName), folder);
    return new Campaign.Setting(
        suite,
        new Source(reference, folder),
        SuiteOptions.scorer(suite, scorer, core, console.env()),
        steps,
        null,
        compute.device(console.env()),
        compute.dtype(),
        Shard.WHOLE,
        out);
  }

  /** The recipe asked for, or the one that the model's card names. */
  EraseRecipe recipe(Path model) {
    return Recipes.of(recipe, settings, model);
  }
}
