package org.realera.cli;

import org.realera.RealeraException;
import org.realera.Stopped;
import org.realera.campaign.AttackEach;
import org.realera.eval.attack.AttackRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code realera eval attack}: whether an erasure holds. */
@Command(
    name = "attack",
    sortOptions = false,
    customSynopsis = {
      "realera eval attack --model MODEL --concept TEXT --out DIR [OPTIONS]",
      "       realera eval attack --model MODEL --erase TEXT --methods NAME --out DIR"
    },
    description = {
      "Tries to bring an erased concept back: by prompts that mean it without naming it, by the"
          + " algebra of the edit, by search over tokens, by gradients.",
      "",
      "Counts as UnlearnDiffAtk does: prompts that show the concept without the attack and those"
          + " that the attack wins, over all, with 95 %% intervals. Every prompt found is kept.",
      "",
      "Started again with the same settings it goes on where it stopped; attacks can be added."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera eval attack -m out/no-airplane --baseline pocket -c airplane \\",
      "    --out runs/attack",
      "  realera eval attack -m out/no-airplane -c airplane --attacks all \\",
      "    --out runs/attack",
      "  realera eval attack -m pocket --erase airplane,bird \\",
      "    --methods realera,uce,mace --out runs/robust"
    })
final class EvalAttackCommand extends BaseCommand {
  @Mixin private AttackOptions options = new AttackOptions();
  @Mixin private JsonOption.OfSummary json = new JsonOption.OfSummary();

  EvalAttackCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    if (options.dryRun() && json.json()) {
      throw RealeraException.usage(
          "--dry-run of attacks is text, not JSON", "Leave out --json, or --dry-run.");
    }
    AttackPrinter printer = new AttackPrinter(console, json.json());
    try (ConsoleProgress progress = progress()) {
      if (options.erases()) {
        AttackEach each = options.campaign(console, core, progress);
        if (options.dryRun()) {
          printer.plan(each, options.shard());
        } else {
          printer.result(each.run(), options.shard(), options.out(), true);
        }
        return ExitCode.DONE;
      }
      AttackRequest request = options.request(console, core);
      if (options.dryRun()) {
        printer.plan(request);
      } else {
        printer.result(
            core.attack(request, options.choice(console), progress),
            request.shard(),
            request.out(),
            false);
      }
      return ExitCode.DONE;
    } catch (Stopped e) {
      return stopped(e);
    }
  }
}
