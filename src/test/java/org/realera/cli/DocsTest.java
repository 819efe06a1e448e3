package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** README.md and src/docs stay true: commands run, links lead somewhere, files are there. */
class DocsTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern REPOSITORY_PATH =
      Pattern.compile("(?<![\\w/.-])(?:scripts|configs|src)/[\\w./-]*\\w");
  private static final Pattern PROFILE = Pattern.compile("(?<=-P)[a-z][\\w-]*");
  private static final Pattern SUITE_COMMENT = Pattern.compile("(?m)^# +(realera .*)$");
  private static final Pattern WALK = Pattern.compile("(?m)^(\\d+) files: (.*)$");

  private static final Set<String> KNOWN_NEEDS =
      Set.of("network", "weights", "files", "GPU", "Python", "Slurm", "tarball", "hours");

  @TempDir private Path temp;

  /** All commands there are: of the pages, the recipes, the suites and the help. */
  static List<String> commands() throws IOException {
    List<String> lines = new ArrayList<>();
    DocPages.shellLines().forEach(line -> lines.add(line.text()));
    for (Path page : DocPages.pages()) {
      DocPages.codeSpans(page).stream()
          .filter(span -> span.startsWith("realera ") && span.contains(" -"))
          .forEach(lines::add);
    }
    for (String folder : List.of("erase", "eval")) {
      try (Stream<Path> files = Files.walk(Path.of("configs", folder))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          lines.add(Files.readAllLines(file).get(0));
          SUITE_COMMENT
              .matcher(Files.readString(file))
              .results()
              .forEach(match -> lines.add(match.group(1)));
        }
      }
    }
    for (String command :
        List.of(
            "--help",
            "erase --help",
            "generate --help",
            "eval --help",
            "eval ablation --help",
            "eval attack --help",
            "eval report --help",
            "eval score --help",
            "model pull --help",
            "model info --help",
            "model convert --help",
            "scope --help")) {
      String help = CommandRun.of(command.split(" ")).out();
      help.substring(Math.max(help.indexOf("\nFirst steps"), help.indexOf("\nExamples")))
          .replaceAll("\\\\\\n\\s*", " ")
          .lines()
          .forEach(lines::add);
    }
    return lines.stream().filter(line -> DocCommand.in(line).isPresent()).toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandParses(String line) {
    assertThatCode(() -> DocCommand.in(line).orElseThrow().parsed()).doesNotThrowAnyException();
  }

  @Test
  void theReadmeHasTheTwoFirstCommands() throws IOException {
    assertThat(commands()).hasSizeGreaterThan(60);
    assertThat(DocPages.shellLines().subList(0, 2))
        .extracting(DocPages.Line::text)
        .satisfiesExactly(
            erase -> assertThat(erase).startsWith("scripts/realera erase --model pocket"),
            verify -> assertThat(verify).isEqualTo("mvn verify"));
  }

  @Test
  void whatACommandNeedsStandsBesideItAndNothingElse() throws IOException {
    Set<String> made = new HashSet<>();
    for (DocPages.Line line : DocPages.shellLines()) {
      assertThat(KNOWN_NEEDS).as(line.where()).containsAll(line.needs());
      Set<String> needs = new HashSet<>(needsOfOthers(line.text()));
      DocCommand.in(line.text()).ifPresent(command -> needs.addAll(command.needs(made)));
      if (DocCommand.in(line.text()).isPresent()) {
        assertThat(line.needs()).as(line.where()).isEqualTo(needs);
      } else {
        assertThat(line.needs()).as(line.where()).containsAll(needs);
      }
      if (line.needs().isEmpty()) {
        DocCommand.in(line.text()).ifPresent(command -> made.addAll(command.outputs()));
      }
    }
  }

  /** What lines need by the programs and files that they name. */
  private static Set<String> needsOfOthers(String line) {
    Set<String> needs = new HashSet<>();
    if (line.contains("python ")) {
      needs.add("Python");
    }
    if (line.contains("scripts/slurm/") || line.startsWith("sbatch")) {
      needs.add("Slurm");
    }
    if (line.contains("realera-0.1.0")) {
      needs.add("tarball");
    }
    return needs;
  }

  /** One after the other, as a reader would, but with few steps and images. */
  @Test
  void everyCommandThatNeedsNothingRuns() throws IOException {
    Set<List<String>> known = new HashSet<>();
    Files.createDirectories(temp.resolve("out"));
    for (DocPages.Line line : DocPages.shellLines()) {
      DocCommand command = DocCommand.in(line.text()).orElse(null);
      if (command == null || !line.needs().isEmpty() || !known.add(command.words())) {
        continue;
      }
      assertThat(command.outputs()).as(line.where()).allMatch(DocCommand::isOutput);
      DocCommand little = command.inShort().in(temp);
      CommandRun run =
          CommandRun.with(CommandRun.liveCore(), little.words().toArray(String[]::new));
      assertThat(run.code()).as(line.where() + "\n" + run.err()).isZero();
      if (little.redirect().isPresent()) {
        Files.writeString(Path.of(little.redirect().get()), run.out());
      }
    }
    assertThat(known).hasSizeGreaterThan(20);
  }

  @Test
  void noCommandStandsOutsideOfAShellBlock() throws IOException {
    for (Path page : DocPages.pages()) {
      assertThat(DocPages.prose(page).lines())
          .as(page.toString())
          .noneMatch(line -> line.matches("( {4}|\\t)\\s*(realera|scripts/|mvn|python|sbatch) .*"));
    }
  }

  @Test
  void everyLinkLeadsToAFileAndItsHeading() throws IOException {
    for (Path page : DocPages.pages()) {
      List<String> links =
          LINK.matcher(DocPages.prose(page)).results().map(match -> match.group(1)).toList();
      for (String link : links) {
        if (link.startsWith("http")) {
          continue;
        }
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        assertThat(target).as(page + " links to " + link).exists();
        if (parts.length > 1) {
          assertThat(DocPages.anchors(target)).as(page + " links to " + link).contains(parts[1]);
        }
      }
    }
  }

  @Test
  void theReadmeLinksEveryPage() throws IOException {
    String readme = Files.readString(DocPages.README);
    for (Path page : DocPages.pages().subList(1, DocPages.pages().size())) {
      assertThat(readme).contains("(src/docs/" + page.getFileName() + ")");
    }
  }

  @Test
  void everyFileAndProfileThatAPageNamesIsThere() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    for (Path page : DocPages.pages()) {
      String text = Files.readString(page).replaceAll("\\]\\([^)]*\\)", "");
      REPOSITORY_PATH
          .matcher(text)
          .results()
          .map(MatchResult::group)
          .forEach(path -> assertThat(Path.of(path)).as(page.toString()).exists());
      PROFILE
          .matcher(text)
          .results()
          .map(MatchResult::group)
          .forEach(profile -> assertThat(pom).contains("<id>" + profile + "</id>"));
    }
  }

  @Test
  void everyFileThatTheArchitectureNamesIsThere() throws IOException {
    List<String> names =
        DocPages.codeSpans(DocPages.FOLDER.resolve("ARCHITECTURE.md")).stream()
            .filter(span -> span.contains("/"))
            .toList();
    assertThat(names).hasSizeGreaterThan(100);
    for (String name : names) {
      assertThat(Stream.of(Path.of(name), source(name))).as(name).anyMatch(Files::exists);
    }
  }

  @Test
  void theWalksAreAsLongAsTheySay() throws IOException {
    List<MatchResult> walks =
        WALK.matcher(Files.readString(DocPages.FOLDER.resolve("ARCHITECTURE.md")))
            .results()
            .toList();
    assertThat(walks).hasSize(2);
    for (MatchResult walk : walks) {
      List<String> files = DocPages.codeSpans(walk.group(2));
      assertThat(files).hasSize(Integer.parseInt(walk.group(1))).doesNotHaveDuplicates();
      assertThat(files).hasSizeLessThanOrEqualTo(30).allMatch(name -> Files.exists(source(name)));
    }
  }

  private static Path source(String name) {
    return Path.of("src", "main", "java", "org", "realera").resolve(name + ".java");
  }

  @Test
  void theReadmeIsOneFace() throws IOException {
    String readme = Files.readString(DocPages.README);
    assertThat(readme.lines()).hasSizeLessThanOrEqualTo(150);
    assertThat(readme.strip().split("\\s+")).hasSizeLessThanOrEqualTo(1_500);
  }
}
