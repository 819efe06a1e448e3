package org.realera.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code realera model}: the commands that get, show and convert models. */
@Command(
    name = "model",
    sortOptions = false,
    description = "Gets, shows and converts models.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n")
final class ModelCommand implements Runnable {
  @Mixin private Verbosity verbosity = new Verbosity();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    verbosity.apply();
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
