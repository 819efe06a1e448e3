package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.erase.Interruption;
import org.realera.erase.Interruption.StoppedException;
import org.realera.eval.EvalStoppedException;
import org.realera.eval.metrics.Summary;
import org.realera.eval.report.EvalReport;
import org.realera.eval.report.HeatMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code realera eval ablation}: what each part of the method does, and its settings. */
@Command(
    name = "ablation",
    sortOptions = false,
    description = {
      "Erases one concept in the four variants of the paper's Table 3 and measures each; then"
          + " sweeps D1 against S2 and M against N around the recipe's values, as in its Figure 5."
          + " One page.",
      "",
      "Started again it goes on where it stopped."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera eval ablation --model pocket --concept ship --out runs/ship",
      "  realera eval ablation -m pocket -c cat -n 200 --no-sweeps --out runs/cat"
    })
final class EvalAblationCommand extends BaseCommand {
  @Mixin private ModelOption model = new ModelOption();
  @Mixin private CampaignOptions options = new CampaignOptions();
  @Mixin private ComputeOptions compute = new ComputeOptions();

  @Option(
      names = {"-c", "--concept"},
      paramLabel = "TEXT",
      required = true,
      description = "What to erase: a concept of the suite.",
      order = 2)
  private String concept = "";

  @Option(
      names = {"-a", "--anchor"},
      paramLabel = "TEXT",
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
      order = 10)
  private int sweepSamples = 10;

  @Option(names = "--no-sweeps", description = "The four variants only.", order = 11)
  private boolean noSweeps;

  @Option(names = "--json", description = "Print the summary as JSON.", order = 90)
  private boolean json;

  EvalAblationCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    Path out = options.out();
    try (Progress progress = Progress.on(console)) {
      Campaign.Setting setting =
          options.setting(suite, model.reference(console.env()), compute, console, core);
      Campaign campaign = new Campaign(core, interruption, progress, setting);
      ConceptPair pair = Campaign.pair(setting.suite(), concept, anchor);
      EraseRecipe recipe = options.recipe(setting.model().folder());
      Path original = campaign.original(pair.concept(), pair.anchor(), options.samples());
      List<Path> runs = new ArrayList<>();
      for (Variant variant : Variant.values()) {
        runs.add(
            campaign
                .measure(
                    variant.name().toLowerCase(Locale.ROOT),
                    variant.label(),
                    pair,
                    variant.of(recipe),
                    options.samples(),
                    Campaign.source(original))
                .out());
      }
      List<HeatMap> maps =
          noSweeps ? List.of() : new Sweeps(campaign, console, pair, recipe, sweepSamples).maps();
      Summary summary = EvalReport.writeAblation(runs, maps, out);
      new EvalPrinter(console, json).summary(summary, out);
      return ExitCode.DONE;
    } catch (EvalStoppedException | StoppedException e) {
      return stopped(e);
    }
  }
}
