package org.realera.cli;

import org.realera.Progress;
import org.realera.Stopped;
import org.realera.campaign.Campaign;
import org.realera.eval.EvalRequest;
import org.realera.tensor.ComputeChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code realera eval}: measures how well a concept is erased and the rest kept. */
@Command(
    name = "eval",
    sortOptions = false,
    customSynopsis = {
      "realera eval SUITE --model MODEL --out DIR [OPTIONS]",
      "       realera eval SUITE --model MODEL --erase all --out DIR [OPTIONS]",
      "       realera eval SUITE --model MODEL --erase all --methods all --out DIR",
      "       realera eval ablation --model MODEL --concept TEXT --out DIR",
      "       realera eval attack --model MODEL --concept TEXT --out DIR",
      "       realera eval report DIR...",
      "       realera eval score SCORER --with FILE --out DIR DIR..."
    },
    description = {
      "Measures how far a concept is gone and the rest kept.",
      "",
      "Draws a suite's images, scores them and sums up: Acc_e (images of the concept, low is good),"
          + " Acc_s (of the other concepts, high), Acc_g (of its synonyms, low) and H_o, their"
          + " harmonic mean, with 95 %% intervals.",
      "",
      "Started again with the same settings it goes on where it stopped."
    },
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera eval cifar10 --model pocket --samples 50 --out runs/pocket",
      "  realera eval cifar10 --model out/no-airplane --baseline runs/pocket \\",
      "    --concept airplane --samples 50 --out runs/airplane",
      "  realera eval cifar10 -m sd-v1-4 --concept cat --shard 2/8 --out runs/cat-2",
      "  realera eval cifar10 -m pocket --erase cat,ship --methods all \\",
      "    --out runs/methods",
      "  realera eval explicit -m out/safe --prompts i2p.csv --scorer 320n.onnx \\",
      "    --out runs/explicit"
    })
final class EvalCommand extends BaseCommand {
  @Mixin private EvalOptions options = new EvalOptions();
  @Mixin private JsonOption.OfSummary json = new JsonOption.OfSummary();

  EvalCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    EvalPrinter printer = new EvalPrinter(console, json.json());
    EvalRequest request = options.request(console, core);
    ComputeChoice choice = options.choice(console.env());
    try (ConsoleProgress progress = progress()) {
      if (options.each().asked()) {
        var findings = options.each().of(campaign(request, choice, progress), request).run();
        printer.campaign(findings, request.shard(), request.out());
      } else {
        printer.result(core.evaluate(request, choice, progress));
      }
      return ExitCode.DONE;
    } catch (Stopped e) {
      return stopped(e);
    }
  }

  private Campaign campaign(EvalRequest request, ComputeChoice choice, Progress progress) {
    return new Campaign(Campaign.Setting.of(request, choice), core, progress);
  }
}
