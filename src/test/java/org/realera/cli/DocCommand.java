package org.realera.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.realera.eval.suite.SuiteReader;
import picocli.CommandLine.ParseResult;

/**
 * A {@code realera} command as it stands on a page.
 *
 * @param words what follows {@code realera}
 * @param redirect the file that takes its output, if any
 */
record DocCommand(List<String> words, Optional<String> redirect) {
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:^|\\s)(?:scripts/)?realera"
              + " ((?:--version|erase|generate|eval|model|scope)\\b[^>\\n]*)(?:> (\\S+))?");
  private static final Map<List<String>, ParseResult> PARSED = new HashMap<>();
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  /** Options and parameters that name a model, and those that name a file or folder. */
  private static final Set<String> MODELS =
      Set.of("--model", "--baseline", "--base", "--diff", "MODEL");

  private static final Set<String> FILES =
      Set.of(
          "--prompts",
          "--prompt-file",
          "--scorer",
          "--inception",
          "--reference",
          "--with",
          "--concept-file",
          "--preserve-file",
          "--prior-captions",
          "--spm",
          "--words",
          "--config",
          "--suite",
          "SUITE",
          "DIR");

  /** The command in a line of shell, if there is one. */
  static Optional<DocCommand> in(String line) {
    Matcher command = COMMAND.matcher(line);
    if (!command.find()) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(command.group(1).strip());
    while (word.find()) {
      words.add(
          Stream.of(1, 2, 3).map(word::group).filter(g -> g != null).findFirst().orElseThrow());
    }
    return Optional.of(new DocCommand(words, Optional.ofNullable(command.group(2))));
  }

  /**
   * What the parser makes of it: of the innermost command.
   *
   * @throws picocli.CommandLine.ParameterException if it does not parse
   */
  ParseResult parsed() {
    return PARSED.computeIfAbsent(words, DocCommand::parse);
  }

  private static ParseResult parse(List<String> words) {
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    Console console = new Console(nowhere, nowhere, Map.of(), 0);
    ParseResult result =
        Main.commandLine(
                console, new CommandRun.FakeCore(), new Interruption(), new ErrorReport(console))
            .parseArgs(words.toArray(String[]::new));
    while (result.hasSubcommand()) {
      result = result.subcommand();
    }
    return result;
  }

  /** The files and folders that it writes. */
  List<String> outputs() {
    List<String> outputs = new ArrayList<>();
    redirect.ifPresent(outputs::add);
    given("--out").forEach(outputs::add);
    return outputs;
  }

  /**
   * What it needs that is not here, by what it names.
   *
   * @param made what earlier commands have written
   */
  Set<String> needs(Set<String> made) {
    Set<String> needs = new TreeSet<>();
    ParseResult command = parsed();
    String name = command.commandSpec().qualifiedName();
    boolean takesAModel = command.commandSpec().findOption("--model") != null;
    if (takesAModel && given("--model").findAny().isEmpty()
        || MODELS.stream().flatMap(this::given).anyMatch(value -> !isHere(value, made))) {
      needs.add(name.endsWith("pull") ? "network" : "weights");
    }
    if (name.endsWith("pull")) {
      return Set.of("network");
    }
    if (FILES.stream().flatMap(this::given).anyMatch(value -> !isHere(value, made))) {
      needs.add("files");
    }
    if (given("--device").anyMatch(value -> value.startsWith("cuda"))) {
      needs.add("GPU");
    }
    boolean attacksMuch =
        name.endsWith("attack")
            && Stream.of("--erase", "--attacks").flatMap(this::given).findAny().isPresent();
    boolean erasesMuch =
        given("--erase").anyMatch("all"::equals)
            || (given("--erase").anyMatch(words -> words.contains(","))
                && given("--methods").findAny().isPresent());
    if (name.endsWith("ablation") || attacksMuch || erasesMuch) {
      needs.add("hours");
    }
    return needs;
  }

  private Stream<String> given(String name) {
    ParseResult command = parsed();
    return Stream.concat(
        command.matchedOptions().stream()
            .filter(option -> List.of(option.names()).contains(name))
            .flatMap(option -> option.originalStringValues().stream()),
        command.matchedPositionals().stream()
            .filter(position -> position.paramLabel().startsWith(name))
            .flatMap(position -> position.originalStringValues().stream()));
  }

  private static boolean isHere(String value, Set<String> made) {
    return value.equals("pocket")
        || value.matches("\\d+")
        || Recipes.isBuiltIn(value)
        || SuiteReader.SHIPPED.contains(value)
        || Files.exists(Path.of(value.replace("*", "")))
        || made.stream().anyMatch(m -> value.equals(m) || value.startsWith(m + "/"))
        || value.endsWith("*") && made.stream().anyMatch(m -> m.startsWith(value.replace("*", "")));
  }

  /** The same work in little: few steps, few and small images, no text prior, no alignment. */
  DocCommand inShort() {
    List<String> few = new ArrayList<>(words);
    String first = words.get(0);
    boolean draws = first.equals("generate") || first.equals("eval") && parsedAs("realera eval");
    if (draws) {
      for (String option : List.of("-n", "--samples", "--count", "--steps")) {
        int at = few.indexOf(option);
        if (at >= 0) {
          few.subList(at, at + 2).clear();
        }
      }
      few.addAll(List.of("-n", "1", "--steps", "1"));
      if (!words.contains("--size")) {
        few.addAll(List.of("--size", "32x32"));
      }
    }
    if (parsedAs("realera eval attack")) {
      few.addAll(
          List.of(
              "--prompts",
              "1",
              "--steps",
              "1",
              "--set",
              "ring_a_bell.generations=1",
              "--set",
              "ring_a_bell.population=4"));
    }
    if (first.equals("erase") && !words.contains("--dry-run") || words.contains("--erase")) {
      few.addAll(List.of("--set", "report.pictures=never"));
      if (!words.contains("--method")) {
        few.addAll(
            List.of("--set", "closed_form.prior_weight=0", "--set", "alignment.enabled=false"));
      }
    }
    return new DocCommand(few, redirect);
  }

  private boolean parsedAs(String name) {
    return parsed().commandSpec().qualifiedName().equals(name);
  }

  /** The same with {@code out/} and {@code runs/} in another folder. */
  DocCommand in(Path folder) throws IOException {
    List<String> moved = new ArrayList<>();
    for (String word : words) {
      if (!isOutput(word)) {
        moved.add(word);
      } else if (word.endsWith("*")) {
        Path pattern = folder.resolve(word);
        try (DirectoryStream<Path> matches =
            Files.newDirectoryStream(pattern.getParent(), String.valueOf(pattern.getFileName()))) {
          matches.forEach(match -> moved.add(match.toString()));
        }
      } else {
        moved.add(folder.resolve(word).toString());
      }
    }
    return new DocCommand(moved, redirect.map(file -> folder.resolve(file).toString()));
  }

  /** Whether this names what commands write. */
  static boolean isOutput(String word) {
    return word.startsWith("out/") || word.startsWith("runs/");
  }
}
