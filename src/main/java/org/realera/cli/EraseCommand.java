package org.realera.cli;

import java.nio.file.Files;
import org.realera.Stopped;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code realera erase}: writes a model that has forgotten a concept. */
@Command(
    name = "erase",
    sortOptions = false,
    customSynopsis = "realera erase --concept TEXT --anchor TEXT [--model MODEL] [OPTIONS]",
    description = {
      "Writes a model that has forgotten a concept.",
      "",
      "DIR is a diffusers folder, or holds what --to says, with two files more: realera.json (all"
          + " that was done) and report.html (pictures before and after); of spm a third, its"
          + " adapters for --spm of generate and eval. It appears when it is complete."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera erase --model pocket --concept airplane --anchor sky",
      "  realera erase -c \"Tom Cruise\" -a \"a person\" --config celebrity --resume",
      "  realera erase -c cat=dog -c ship=sea --preserve horse --dry-run"
    })
final class EraseCommand extends BaseCommand {
  @Mixin private EraseOptions options = new EraseOptions();
  @Mixin private JsonOption.OfResult json = new JsonOption.OfResult();

  EraseCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    EraseRequest request = options.request(console, core);
    ErasePrinter printer = new ErasePrinter(console, json.json());
    if (options.dryRun()) {
      printer.plan(request, options.source(request), core.describe(request));
      return ExitCode.DONE;
    }
    try (ConsoleProgress progress = printer.progress(interruption)) {
      EraseCheck check = new EraseCheck(console, core, request);
      EraseResult result =
          core.erase(options.checks() ? request.reviewedBy(check::look) : request, progress);
      printer.result(request, result, check.seen());
      check.reason().ifPresent(console::note);
      return ExitCode.DONE;
    } catch (Stopped e) {
      console.note("stopped: " + e.getMessage());
      boolean saved = Files.exists(request.state());
      console
          .err()
          .println(
              saved
                  ? "  Go on with: " + Console.asTyped(options.again())
                  : "  Start again with the same command.");
      return ExitCode.INTERRUPTED;
    }
  }
}
