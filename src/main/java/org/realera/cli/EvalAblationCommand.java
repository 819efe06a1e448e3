package org.realera.cli;

import org.realera.Stopped;
import org.realera.campaign.Campaign;
import org.realera.eval.metrics.Summary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
  @Mixin private AblationOptions options = new AblationOptions();
  @Mixin private JsonOption.OfSummary json = new JsonOption.OfSummary();

  EvalAblationCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    try (ConsoleProgress progress = progress()) {
      Campaign campaign = new Campaign(options.setting(console, core), core, progress);
      Summary summary = options.of(campaign).run();
      new EvalPrinter(console, json.json()).summary(summary, options.out());
      return ExitCode.DONE;
    } catch (Stopped e) {
      return stopped(e);
    }
  }
}
