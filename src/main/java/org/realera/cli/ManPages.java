package org.realera.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.realera.files.AtomicFile;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What comes with an installation: a man page for each command and completion for bash and zsh,
 * made from the same annotations as {@code --help}. The build runs it; picocli's own generator
 * writes AsciiDoc, which would take a JRuby to become man pages.
 */
public final class ManPages {
  private static final String COMPLETION = "realera-completion.sh";

  /** Of lines that are not filled; man's own 7 would push them over the edge. */
  private static final int INDENT = 3;

  private ManPages() {}

  /**
   * Writes everything into a folder.
   *
   * @param args the folder
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    for (Map.Entry<String, String> file : all(commandLine()).entrySet()) {
      Path target = folder.resolve(file.getKey());
      Files.createDirectories(target.resolveSibling(""));
      AtomicFile.write(target, file.getValue().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static CommandLine commandLine() {
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    Console console = new Console(nowhere, nowhere, Map.of(), 0);
    Interruption interruption = new Interruption();
    return Main.commandLine(
        console, new LiveServices(console, interruption), interruption, new ErrorReport(console));
  }

  /** Path to content of every file. */
  static Map<String, String> all(CommandLine top) {
    Map<String, String> files = new LinkedHashMap<>();
    top.setCommandName("realera");
    // The script names the version of picocli, but no time and no user: the same bytes every time.
    files.put("completion/" + COMPLETION, completion(top));
    commands(top)
        .forEach(
            command -> {
              String name = command.getCommandSpec().qualifiedName("-");
              files.put("share/man/man1/" + name + ".1", page(command));
            });
    return files;
  }

  /**
   * Picocli's script, less the lines by which an argument that it knows no words for has nothing to
   * offer at all: then bash goes on with files, as its last line says.
   */
  private static String completion(CommandLine top) {
    return AutoComplete.bash("realera", top)
        .replaceAll("(?m)^ *type compopt &>/dev/null && compopt \\+o default\\R", "");
  }

  private static Stream<CommandLine> commands(CommandLine top) {
    return Stream.concat(
        Stream.of(top),
        top.getSubcommands().values().stream()
            .distinct()
            .filter(c -> !c.getCommandSpec().usageMessage().hidden())
            .filter(c -> !c.getCommandName().equals("help"))
            .flatMap(ManPages::commands));
  }

  /** A page in the man macros of roff. */
  static String page(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.usageMessage().width(80 - INDENT);
    CommandLine.Help help =
        new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(Ansi.OFF));
    StringBuilder page = new StringBuilder();
    String name = spec.qualifiedName("-");
    List<String> description = List.of(spec.usageMessage().description());
    page.append(".TH \"").append(name.toUpperCase(java.util.Locale.ROOT)).append("\" \"1\" \"\" ");
    page.append("\"realera\" \"realera\"\n.nh\n.ad l\n.SH NAME\n");
    String first = description.isEmpty() ? "" : description.get(0);
    page.append(escaped(name + " - " + first.replaceFirst("\\.$", ""))).append('\n');
    page.append(".SH SYNOPSIS\n").append(literal(help.synopsis(0)));
    paragraphs(page, "DESCRIPTION", description);
    arguments(page, "ARGUMENTS", spec.positionalParameters());
    arguments(page, "OPTIONS", options(spec));
    if (!spec.subcommands().isEmpty()) {
      page.append(".SH COMMANDS\n");
      commands(command)
          .skip(1)
          .filter(c -> c.getParent() == command)
          .forEach(c -> entry(page, c.getCommandName(), description(c)));
    }
    if (!spec.usageMessage().exitCodeList().isEmpty()) {
      page.append(".SH EXIT STATUS\n");
      spec.usageMessage().exitCodeList().forEach((code, text) -> entry(page, code, List.of(text)));
    }
    List<String> footer = List.of(spec.usageMessage().footer());
    if (!footer.isEmpty()) {
      page.append(".SH EXAMPLES\n").append(literal(String.join("\n", footer)));
    }
    if (spec.parent() != null) {
      page.append(".SH SEE ALSO\n");
      page.append(".BR ").append(escaped(spec.parent().qualifiedName("-"))).append(" (1)\n");
    }
    return page.toString();
  }

  private static List<String> description(CommandLine command) {
    String[] lines = command.getCommandSpec().usageMessage().description();
    return lines.length == 0 ? List.of() : List.of(lines[0]);
  }

  private static List<OptionSpec> options(CommandSpec spec) {
    return spec.options().stream()
        .filter(o -> !o.hidden())
        .sorted((a, b) -> Integer.compare(a.order(), b.order()))
        .toList();
  }

  private static void paragraphs(StringBuilder page, String heading, List<String> texts) {
    if (texts.isEmpty()) {
      return;
    }
    page.append(".SH ").append(heading).append('\n');
    for (String text : texts) { // each begins a line, as in --help
      page.append(text.isBlank() ? ".PP\n" : ".br\n" + escaped(text) + "\n");
    }
  }

  private static void arguments(
      StringBuilder page, String heading, List<? extends ArgSpec> arguments) {
    if (arguments.isEmpty()) {
      return;
    }
    page.append(".SH ").append(heading).append('\n');
    for (ArgSpec argument : arguments) {
      entry(page, label(argument), List.of(argument.description()));
    }
  }

  private static String label(ArgSpec argument) {
    if (argument instanceof PositionalParamSpec positional) {
      return positional.paramLabel();
    }
    OptionSpec option = (OptionSpec) argument;
    String names = Stream.of(option.names()).collect(Collectors.joining(", "));
    return option.arity().max() == 0 ? names : names + "=" + option.paramLabel();
  }

  private static void entry(StringBuilder page, String term, List<String> texts) {
    page.append(".TP\n.B ").append(escaped(term)).append('\n');
    page.append(escaped(String.join(" ", texts))).append('\n');
  }

  /** Lines as they are, indented as little as lets the longest of them fit into 80 columns. */
  private static String literal(String text) {
    String body =
        text.stripTrailing()
            .stripIndent()
            .lines()
            .map(ManPages::escaped)
            .collect(Collectors.joining("\n"));
    return ".in %sn\n.nf\n%s\n.fi\n.in\n".formatted(INDENT, body);
  }

  /** Text that roff takes for nothing but text. */
  private static String escaped(String text) {
    String plain = text.replace("%n", "\n").replace("\\", "\\e").replace("-", "\\-");
    return plain
        .lines()
        .map(line -> line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line)
        .collect(Collectors.joining("\n"));
  }
}
