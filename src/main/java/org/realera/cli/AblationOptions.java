package org.realera.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.campaign.Ablation;
import org.realera.campaign.Campaign;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.Limits;
import org.realera.config.MethodName;
import org.realera.eval.Drawn;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.Environment;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code realera eval ablation} erases and measures: ends in an {@link Ablation}. */
final class AblationOptions {
  private static final int SWEEP_SAMPLES = 10;

  @Mixin private ModelOption model = new ModelOption();

  @Option(
      names = {"--recipe", "--config"},
      paramLabel = "FILE|NAME",
      description = "The recipe to erase with. Default: the model's.",
      order = 5)
  private @Nullable String config;

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

  @Mixin private StepsOption steps = new StepsOption();

  @Option(
      names = "--scorer",
      paramLabel = "MODEL",
      description = "CLIP model to score with. Default: the suite's.",
      order = 10)
  private @Nullable String scorer;

  @Mixin private Settings settings = new Settings();

  @Mixin private ComputeOptions compute = new ComputeOptions();

  @Option(
      names = {"-c", "--concept"},
      paramLabel = "TEXT",
      converter = NameText.class,
      required = true,
      description = "What to erase: a concept of the suite.",
      order = 2)
  private String concept = "";

  @Option(
      names = {"-a", "--anchor"},
      paramLabel = "TEXT",
      converter = NameText.class,
      description = "What to draw in its place. Default: the suite's.",
      order = 3)
  private @Nullable String anchor;

  @Option(
      names = "--suite",
      paramLabel = "SUITE",
      description = "A shipped suite or a YAML file. Default: cifar10.",
      order = 4)
  private String suite = "cifar10";

  @Option(
      names = "--sweep-samples",
      paramLabel = "N",
      description = "Images of each prompt in the sweeps. Default: 10.",
      order = 11)
  private @Nullable Integer sweepSamples;

  @Option(names = "--no-sweeps", description = "The four variants only.", order = 12)
  private boolean noSweeps;

  Path out() {
    return out;
  }

  /**
   * What the erasures share; finds model, suite and scorer.
   *
   * @throws org.realera.RealeraException (usage, not found) naming the option
   */
  Campaign.Setting setting(Console console, Services core) {
    RunFolder.require(out);
    Settings.requireNone("concepts", "--concept names it", settings.all());
    if (noSweeps && sweepSamples != null) {
      throw RealeraException.usage(
          "--sweep-samples does not go with --no-sweeps", "Leave one of them out.");
    }
    if (!settings.isEmpty()) {
      Recipes.fitting(config, null, settings);
    }
    Integer sampling = steps.steps();
    String reference = model.reference(console.env());
    Path folder = core.locate(reference, console.env());
    Suite fitting = core.fitting(SuiteReader.read(suite, new Environment(console.env())), folder);
    return new Campaign.Setting(
        fitting,
        new ModelRef(reference, folder),
        SuiteOptions.scorer(fitting, scorer, core, console.env()),
        Drawn.AS_THE_SUITE_SAYS.withSteps(sampling),
        compute.choice(console.env()),
        Shard.WHOLE,
        out);
  }

  /** What is asked of a campaign. */
  Ablation of(Campaign campaign) {
    ConceptPair pair = Campaign.pair(campaign.suite(), concept, anchor);
    EraseRecipe recipe =
        Recipes.of(config, null, settings, campaign.model().path())
            .require(MethodName.REALERA, "An ablation")
            .with("concepts", List.of(pair))
            .requireEffective();
    NumberCheck.upTo("--samples", samples, Limits.SAMPLES);
    NumberCheck.upTo("--sweep-samples", sweepSamples, Limits.SAMPLES);
    Integer sweeps = noSweeps ? null : Objects.requireNonNullElse(sweepSamples, SWEEP_SAMPLES);
    return new Ablation(campaign, pair, recipe, samples, sweeps);
  }
}
