package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.eval.attack.AttackReport;
import org.realera.eval.attack.AttackRuns;
import org.realera.eval.report.EvalReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code realera eval report}: many run folders on one page; shards become one run. */
@Command(
    name = "report",
    sortOptions = false,
    description = {
      "Puts run folders on one page and merges shards.",
      "",
      "Shards that overlap, are missing, or were made with another model, settings or version are"
          + " refused."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera eval report runs/*",
      "  realera eval report runs/cat-1 runs/cat-2 --out runs/cat"
    })
final class EvalReportCommand extends BaseCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description =
          "Folders that realera eval wrote, or all of them realera eval attack; that of --erase or"
              + " ablation stands for its runs.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "Where to write. Default: the folder that holds the first DIR.",
      order = 1)
  private @Nullable Path out;

  @Mixin private JsonOption.OfSummary json = new JsonOption.OfSummary();

  EvalReportCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    Path target = out;
    if (target == null) {
      Path parent = folders.get(0).toAbsolutePath().normalize().getParent();
      target = folders.size() == 1 || parent == null ? folders.get(0) : parent;
    }
    if (AttackRuns.are(folders.get(0))) {
      new AttackPrinter(console, json.json()).summary(AttackReport.write(folders, target), target);
      return ExitCode.DONE;
    }
    new EvalPrinter(console, json.json()).findings(EvalReport.write(folders, target), target);
    return ExitCode.DONE;
  }
}
