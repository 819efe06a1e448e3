package org.realera.cli;

import java.util.concurrent.Callable;
import org.realera.Stopped;
import picocli.CommandLine.Mixin;

/** What commands have in common: where they speak, what they call upon, and their exit code. */
abstract class BaseCommand implements Callable<Integer> {
  final Console console;
  final Services core;
  final Interruption interruption;

  @Mixin private Verbosity verbosity = new Verbosity();

  BaseCommand(Console console, Services core, Interruption interruption) {
    this.console = console;
    this.core = core;
    this.interruption = interruption;
  }

  @Override
  public final Integer call() {
    verbosity.apply();
    return execute().code();
  }

  /** Shows how far the work is until it is closed; what came of a task stands in the log. */
  final ConsoleProgress progress() {
    return new ConsoleProgress(Display.on(console), interruption);
  }

  /** Does the work and prints its result; for errors it throws, and {@link ErrorReport} speaks. */
  abstract ExitCode execute();

  /** Says that a signal has ended the work, and that the same command goes on with it. */
  final ExitCode stopped(Stopped why) {
    console.note("stopped: " + why.getMessage());
    console.err().println("  go on with the same command");
    return ExitCode.INTERRUPTED;
  }
}
