package org.realera.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.realera.RealeraException;
import org.realera.files.Environment;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Where the program starts. Everything but the exit itself is in {@link #run}, for tests. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // libraries, too, write digits that every program reads
    int columns = Integer.getInteger("realera.columns", 0);
    Stdout results = new Stdout(new FileOutputStream(FileDescriptor.out));
    Console console = new Console(results.printer(), System.err, System.getenv(), columns);
    Interruption interruption = new Interruption();
    Signals signals = Signals.into(interruption, console);
    int code = run(List.of(args), console, new LiveServices(console, interruption), interruption);
    code = withResults(code, results, console);
    signals.release();
    System.exit(code); // never returns when a signal is what ends the process
  }

  /**
   * Runs one command line.
   *
   * @param args the arguments after {@code realera}
   * @param console where the command speaks, and what it knows of its surroundings
   * @param core what commands ask of the rest of the program
   * @param interruption stops the work between two steps
   * @return the exit code, see {@link ExitCode}
   */
  static int run(List<String> args, Console console, Services core, Interruption interruption) {
    ErrorReport errors = new ErrorReport(console);
    try {
      Decoding.ofThisJvm().require(args);
      return commandLine(console, core, interruption, errors).execute(args.toArray(String[]::new));
    } catch (Throwable e) { // OutOfMemoryError and whatever else: always one line and a code
      return errors.report(e, args.contains("--verbose") || args.contains("-v")).code();
    } finally {
      console.out().flush();
    }
  }

  /** A command that is done is not, if its result could not be written. */
  static int withResults(int code, Stdout results, Console console) {
    return code != ExitCode.DONE.code()
        ? code
        : results
            .problem()
            .map(problem -> new ErrorReport(console).report(problem, false).code())
            .orElse(code);
  }

  /** The parser with all commands, as {@link #run} uses it. */
  static CommandLine commandLine(
      Console console, Services core, Interruption interruption, ErrorReport errors) {
    CommandLine line = new CommandLine(new RealeraCommand());
    line.addSubcommand(new EraseCommand(console, core, interruption));
    line.addSubcommand(new GenerateCommand(console, core, interruption));
    line.addSubcommand(
        new CommandLine(new EvalCommand(console, core, interruption))
            .addSubcommand(new EvalAblationCommand(console, core, interruption))
            .addSubcommand(new EvalAttackCommand(console, core, interruption))
            .addSubcommand(new EvalReportCommand(console, core, interruption))
            .addSubcommand(new EvalScoreCommand(console, core, interruption)));
    line.addSubcommand(new ScopeCommand(console, core, interruption));
    line.addSubcommand(
        new CommandLine(new ModelCommand())
            .addSubcommand(new ModelListCommand(console, core, interruption))
            .addSubcommand(new ModelInfoCommand(console, core, interruption))
            .addSubcommand(new ModelPullCommand(console, core, interruption))
            .addSubcommand(new ModelConvertCommand(console, core, interruption)));
    line.addSubcommand(new CommandLine.HelpCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExpandAtFiles(false); // a prompt may begin with @
    PathWords paths = new PathWords(new Environment(console.env()));
    line.registerConverter(Path.class, paths::path);
    line.setExecutionStrategy(
        result -> {
          try {
            ValueCheck.require(result);
            paths.expand(result);
          } catch (RealeraException e) {
            throw new ParameterException(line, e.getMessage(), e);
          }
          return new CommandLine.RunLast().execute(result);
        });
    line.getCommandSpec().versionProvider(new RealeraCommand.Versions(console.env()));
    line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
    line.getCommandSpec().usageMessage().exitCodeList(ExitCode.forHelp());
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, args) -> errors.reportUsage(e).code());
    line.setExecutionExceptionHandler(
        (e, command, result) -> errors.report(e, Verbosity.isVerbose(result)).code());
    return line;
  }
}
