package org.realera.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The pages for people, README.md and src/docs, and what stands in them. A shell block is fenced as
 * {@code sh}. A command that needs what is not here says so: {@code # needs weights, GPU: why}, at
 * the end of its line, or above it, where it holds for all that follows up to an empty line.
 */
final class DocPages {
  static final Path README = Path.of("README.md");
  static final Path FOLDER = Path.of("src", "docs");

  /** In the order in which a reader comes upon their commands. */
  private static final List<String> ORDER =
      List.of(
          "models.md",
          "gpu.md",
          "recipes.md",
          "methods.md",
          "eval.md",
          "results.md",
          "speed.md",
          "reliability.md",
          "ARCHITECTURE.md");

  private static final Pattern NEEDS = Pattern.compile("# needs ([A-Za-z]+(?:, [A-Za-z]+)*)");
  private static final Pattern CODE_SPAN = Pattern.compile("`([^`]+)`");

  private DocPages() {}

  /** A shell command, its continued lines put together. */
  record Line(Path page, int number, String text, Set<String> needs) {
    String where() {
      return page + ", line " + number + ": " + text;
    }
  }

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(README));
    ORDER.forEach(name -> pages.add(FOLDER.resolve(name)));
    try (Stream<Path> files = Files.list(FOLDER)) {
      files.filter(f -> f.toString().endsWith(".md") && !pages.contains(f)).forEach(pages::add);
    }
    return pages;
  }

  /** The commands of all shell blocks. */
  static List<Line> shellLines() throws IOException {
    List<Line> all = new ArrayList<>();
    for (Path page : pages()) {
      all.addAll(shellLines(page, Files.readAllLines(page)));
    }
    return all;
  }

  static List<Line> shellLines(Path page, List<String> lines) {
    List<Line> commands = new ArrayList<>();
    Set<String> above = new LinkedHashSet<>();
    boolean inside = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("```")) {
        inside = line.equals("```sh");
        above.clear();
      } else if (inside && line.isBlank()) {
        above.clear();
      } else if (inside && line.startsWith("#")) {
        above.addAll(needs(line));
      } else if (inside) {
        int number = i + 1;
        StringBuilder text = new StringBuilder();
        while (line.endsWith("\\")) {
          text.append(line, 0, line.length() - 1).append(' ');
          line = lines.get(++i).strip();
        }
        text.append(line);
        Set<String> needs = new LinkedHashSet<>(above);
        needs.addAll(needs(text.toString()));
        commands.add(
            new Line(page, number, text.toString().replaceFirst("\\s+# .*", "").strip(), needs));
      }
    }
    return commands;
  }

  private static Set<String> needs(String text) {
    Matcher matcher = NEEDS.matcher(text);
    return matcher.find() ? Set.of(matcher.group(1).split(", ")) : Set.of();
  }

  /** A page outside of its fenced blocks. */
  static String prose(Path page) throws IOException {
    return Files.readString(page).replaceAll("(?ms)^```.*?^```$", "");
  }

  /** What stands between backticks outside of blocks. */
  static List<String> codeSpans(Path page) throws IOException {
    return codeSpans(prose(page));
  }

  static List<String> codeSpans(String text) {
    return CODE_SPAN.matcher(text).results().map(match -> match.group(1)).toList();
  }

  /** What the headings of a page are called in links. */
  static List<String> anchors(Path page) throws IOException {
    return prose(page)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
