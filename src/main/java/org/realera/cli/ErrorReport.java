package org.realera.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.Stopped;
import org.realera.files.IoErrors;
import org.realera.tensor.OutOfMemory;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what went wrong, on two lines: what and where, and what to do next. Stack traces only with
 * {@code --verbose}.
 */
final class ErrorReport {
  /** A whole number that the option's type does not hold. */
  private static final Pattern BEYOND =
      Pattern.compile(
          "Invalid value for option '([^']+)'(?: \\([^)]*\\))?: '(([+-]?)\\d+)' is not an?"
              + " (int|long)");

  private final Console console;

  ErrorReport(Console console) {
    this.console = console;
  }

  /** Reports what a command threw. */
  ExitCode report(Throwable error, boolean verbose) {
    ExitCode code = print(error, verbose);
    if (verbose && code != ExitCode.INTERRUPTED) {
      error.printStackTrace(console.err());
    }
    return code;
  }

  private ExitCode print(Throwable error, boolean verbose) {
    if (error instanceof RealeraException e) {
      console.error(firstLine(e), e.remedy());
      return ExitCode.of(e.kind());
    }
    if (error instanceof Stopped) {
      console.note("stopped: " + firstLine(error));
      return ExitCode.INTERRUPTED;
    }
    if (error instanceof ParameterException e) {
      return reportUsage(e);
    }
    if (isOutOfMemory(error)) {
      console.error(
          "out of memory: " + firstLine(error),
          "Close other programs, take fewer images at a time or erase with"
              + " --gradient-checkpointing or --dtype bf16, on a GPU with fp16; "
              + "for Java's own heap: REALERA_JAVA_OPTS=-Xmx8g");
      return ExitCode.RESOURCES;
    }
    if (chain(error).anyMatch(e -> IoErrors.isTooManyOpen(String.valueOf(e.getMessage())))) {
      console.error("too many open files: " + firstLine(error), IoErrors.MORE_FILES);
      return ExitCode.RESOURCES;
    }
    IOException io = cause(error, IOException.class);
    if (io != null) {
      return printIo(io);
    }
    console.error(
        "this is a defect of realera: "
            + error.getClass().getSimpleName()
            + ": "
            + firstLine(error),
        verbose
            ? "Please report it with the stack trace below."
            : "Run again with --verbose and report it with the stack trace that it shows.");
    return ExitCode.FAILED;
  }

  private ExitCode printIo(IOException error) {
    if (IoErrors.isDiskFull(String.valueOf(error.getMessage()))) {
      console.error("the disk is full: " + firstLine(error), "Free some space and run again.");
      return ExitCode.RESOURCES;
    }
    if (error instanceof AccessDeniedException e) {
      console.error("no permission for " + e.getFile(), "Change its rights, or name another path.");
    } else if (error instanceof NoSuchFileException e) {
      console.error("there is no " + e.getFile(), "Check the path.");
      return ExitCode.NOT_FOUND;
    } else if (error instanceof FileSystemException e) {
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      console.error(e.getFile() + ": " + reason, "Check the path and its rights.");
    } else {
      console.error(
          "reading or writing failed: " + firstLine(error), "Check the disk and run again.");
    }
    return ExitCode.FAILED;
  }

  /** Reports a command line that picocli could not make sense of. */
  ExitCode reportUsage(ParameterException error) {
    String command = error.getCommandLine().getCommandSpec().qualifiedName();
    String help = "See '" + command + " --help'";
    if (error.getCause() instanceof RealeraException e) {
      console.error(firstLine(e), e.remedy());
    } else if (error instanceof UnmatchedArgumentException e) {
      List<String> near = e.getSuggestions();
      String word = e.getUnmatched().get(0);
      console.error(
          (e.isUnknownOption() ? "unknown option '" : unexpected(e))
              + word
              + "' for '"
              + command
              + "'",
          near.isEmpty() ? help : "Did you mean " + orList(e, near) + "? " + help);
    } else if (error instanceof MissingParameterException e) {
      console.error(missing(e), help);
    } else {
      console.error(plain(firstLine(error)), help);
    }
    return ExitCode.USAGE;
  }

  private static String unexpected(UnmatchedArgumentException e) {
    boolean hasCommands = !e.getCommandLine().getSubcommands().isEmpty();
    return hasCommands ? "unknown command '" : "unexpected argument '";
  }

  private static String missing(MissingParameterException e) {
    List<String> names =
        e.getMissing().stream()
            .filter(Objects::nonNull)
            .map(a -> a.isOption() ? longName(a) : a.paramLabel())
            .toList();
    String message = firstLine(e);
    if (message.startsWith("Missing required parameter for option")) {
      return names.get(0) + ": the value is missing";
    }
    if (names.isEmpty() || !message.startsWith("Missing required option")) {
      return message.startsWith("Expected parameter") ? plain(message) : message;
    }
    return String.join(" and ", names) + (names.size() == 1 ? " is missing" : " are missing");
  }

  private static String longName(picocli.CommandLine.Model.ArgSpec arg) {
    return ((picocli.CommandLine.Model.OptionSpec) arg).longestName() + " " + arg.paramLabel();
  }

  /** The likeliest first; of commands, which are few, only that one. */
  private static String orList(UnmatchedArgumentException e, List<String> words) {
    int most = e.isUnknownOption() ? 3 : 1;
    return words.stream().limit(most).collect(Collectors.joining(" or "));
  }

  private static boolean isOutOfMemory(Throwable error) {
    return chain(error)
        .anyMatch(e -> e instanceof OutOfMemoryError || OutOfMemory.isSaid(e.getMessage()));
  }

  private static <T extends Throwable> @Nullable T cause(Throwable error, Class<T> type) {
    Throwable direct = error instanceof UncheckedIOException u ? u.getCause() : error;
    return type.isInstance(direct) ? type.cast(direct) : null;
  }

  private static Stream<Throwable> chain(Throwable error) {
    return Stream.<Throwable>iterate(error, Objects::nonNull, Throwable::getCause).limit(20);
  }

  /** The parser's own messages, in the form that ours have. */
  private static String plain(String message) {
    Matcher beyond = BEYOND.matcher(message);
    if (beyond.matches()) {
      boolean wide = beyond.group(4).equals("long");
      boolean below = beyond.group(3).equals("-");
      return "%s is %s, which is too %s; take %s %s"
          .formatted(
              beyond.group(1),
              beyond.group(2),
              below ? "small" : "large",
              below ? "at least" : "at most",
              below
                  ? (wide ? Long.MIN_VALUE : Integer.MIN_VALUE)
                  : (wide ? Long.MAX_VALUE : Integer.MAX_VALUE));
    }
    String text =
        message
            .replaceFirst(
                "^Expected parameter for option '([^']+)' but found ('.*')$",
                "$1: the value is missing, or is $2, which is an option")
            .replaceFirst("^option '([^']+)' .*should be specified only once$", "$1 is given twice")
            .replaceFirst(
                "^Invalid value for option '([^']+)'(?: \\([^)]*\\))?: ('.*') is not an?"
                    + " (?:long|int)$",
                "$1 is $2, which is no whole number")
            .replaceFirst(
                "^Invalid value for option '([^']+)'(?: \\([^)]*\\))?: ('.*') is not a double$",
                "$1 is $2, which is no number")
            .replaceFirst("^Invalid value for option '([^']+)'(?: \\([^)]*\\))?: ", "$1: ");
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  private static String firstLine(Throwable error) {
    String message = error.getMessage();
    return message == null
        ? error.getClass().getSimpleName()
        : message.lines().findFirst().orElse(error.getClass().getSimpleName());
  }
}
