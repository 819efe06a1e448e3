package org.realera.cli;

import java.util.concurrent.Callable;
import org.realera.checkpoint.CachedModels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code realera model list}: the models that can be named without a path. */
@Command(
    name = "list",
    sortOptions = false,
    description = "Lists the models that need no path: pocket, and those in the hub cache.",
    optionListHeading = "%nOptions:%n")
final class ModelListCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print the list as JSON.", order = 90)
  private boolean json;

  @Mixin private Verbosity verbosity = new Verbosity();

  private final Console console;

  ModelListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    verbosity.apply();
    new ModelInfoPrinter(console, json)
        .list(CachedModels.list(console.env()), CachedModels.root(console.env()));
    return ExitCode.DONE.code();
  }
}
