package org.realera.cli;

import org.realera.hub.CachedModels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code realera model list}: the models that can be named without a path. */
@Command(
    name = "list",
    sortOptions = false,
    description = "Lists the models that need no path: pocket, and those in the hub cache.",
    optionListHeading = "%nOptions:%n")
final class ModelListCommand extends BaseCommand {
  @Option(names = "--json", description = "Print the list as JSON.", order = 90)
  private boolean json;

  ModelListCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    new ModelInfoPrinter(console, json)
        .list(CachedModels.list(console.env()), CachedModels.root(console.env()));
    return ExitCode.DONE;
  }
}
