package org.realera.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.eval.attack.AttackReport;
import org.realera.eval.attack.AttackRuns;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.RunReader;
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
    Path target = target();
    if (areAttacks()) {
      new AttackPrinter(console, json.json()).summary(AttackReport.write(folders, target), target);
      return ExitCode.DONE;
    }
    for (Path folder : folders) {
      if (Files.isDirectory(folder.resolve(AttackRuns.ATTACKS))) {
        console.note(
            folder.resolve(AttackRuns.ATTACKS)
                + " has attacks, too; they have a page of their own: "
                + Console.asTyped(
                    "realera eval report " + folder.resolve(AttackRuns.ATTACKS) + "/*"));
      }
    }
    new EvalPrinter(console, json.json()).findings(EvalReport.write(folders, target), target);
    return ExitCode.DONE;
  }

  /** The folder to write into; an ablation's own page has maps that this one would lack. */
  private Path target() {
    if (out != null) {
      return RunFolder.require(out);
    }
    Path first = folders.get(0);
    if (folders.size() == 1 && RunReader.hasSweeps(first)) {
      throw RealeraException.usage(
          first + " is an ablation, and this page would have no maps of its sweeps",
          "Run realera eval ablation again, which makes its page anew, or name another --out.");
    }
    Path parent = first.toAbsolutePath().normalize().getParent();
    return folders.size() == 1 || parent == null ? first : parent;
  }

  private boolean areAttacks() {
    List<Path> attacks = folders.stream().filter(AttackRuns::are).toList();
    if (!attacks.isEmpty() && attacks.size() < folders.size()) {
      Path other =
          folders.stream().filter(folder -> !attacks.contains(folder)).findFirst().orElseThrow();
      throw RealeraException.usage(
          attacks.get(0) + " is a run of attacks, and " + other + " is none",
          "Make a page of each kind by itself.");
    }
    return !attacks.isEmpty();
  }
}
