package org.realera.eval.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.files.Csv;
import org.realera.files.IoErrors;
import org.realera.files.ModelText;
import org.realera.files.TextFile;

/** A user's prompts from a file: a CSV as {@code found.csv} and I2P are, or one prompt a line. */
public final class PromptFile {
  private static final String REMEDY =
      "Give one prompt a line, or a CSV with a column prompt and, where there are any, seed and"
          + " guidance.";

  /** A prompt that no words are: its row names a file with what the U-Net reads. */
  private static final String EMBEDDING = "embedding";

  private PromptFile() {}

  /**
   * Reads a list. A line without a seed of its own has none. A row of a CSV may have the empty
   * prompt, as one of I2P has.
   *
   * @throws RealeraException (not found); (damaged) for a CSV that makes no sense; (usage) if it
   *     lists nothing, or is by its name or its first line neither a CSV nor a text of lines
   */
  public static List<ListedPrompt> read(Path file) {
    if (Files.isDirectory(file)) {
      throw RealeraException.usage(file + " is a folder, not a list of prompts", REMEDY);
    }
    if (!Files.exists(file)) {
      throw RealeraException.notFound("there is no list of prompts " + file, REMEDY);
    }
    if (!isTable(file)) {
      TextFile.requireLines(file, REMEDY);
    }
    try {
      String text = TextFile.readNamed(file, REMEDY);
      List<ListedPrompt> prompts =
          ModelText.isBlank(text) ? List.of() : isTable(file) ? words(file) : lines(file, text);
      if (prompts.isEmpty()) {
        throw RealeraException.usage(file + " lists no prompts", REMEDY);
      }
      return prompts;
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /**
   * How many rows of a list are no words: embeddings that an attack has found.
   *
   * @throws RealeraException as {@link #read}
   */
  public static long embeddings(Path file) {
    if (!isTable(file)) {
      return 0;
    }
    try {
      Csv.Table table = Csv.read(file, REMEDY);
      int column = PromptCsv.header(table).indexOf(EMBEDDING);
      return table.rows().stream().filter(row -> hasEmbedding(row, column)).count();
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /**
   * Whether a list says with which guidance each prompt is drawn.
   *
   * @throws RealeraException as {@link #read}
   */
  public static boolean hasGuidance(Path file) {
    return hasColumn(file, PromptCsv.GUIDANCE);
  }

  private static boolean hasColumn(Path file, List<String> names) {
    if (!isTable(file) || !Files.exists(file)) {
      return false;
    }
    try {
      return PromptCsv.header(Csv.read(file, REMEDY)).stream().anyMatch(names::contains);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private static boolean isTable(Path file) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  private static boolean hasEmbedding(Csv.Row row, int column) {
    return column >= 0 && !row.cells().get(column).isBlank();
  }

  private static List<ListedPrompt> words(Path file) throws IOException {
    Csv.Table table = Csv.read(file, REMEDY);
    int column = PromptCsv.header(table).indexOf(EMBEDDING);
    List<ListedPrompt> all = table.rows().isEmpty() ? List.of() : PromptCsv.prompts(file);
    List<ListedPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!hasEmbedding(table.rows().get(i), column)) {
        ListedPrompt one = all.get(i);
        prompts.add(new ListedPrompt(Csv.unguarded(one.prompt()), one.seed(), one.guidance()));
      }
    }
    return prompts;
  }

  /** A table that came through a pipe, or under another name, would be drawn row by row. */
  private static void requireNoTable(Path file, String text) {
    String first =
        text.lines().filter(line -> !ModelText.isBlank(line)).findFirst().orElse("").strip();
    List<String> cells =
        Stream.of(first.split("[,;\t]"))
            .map(cell -> cell.replace("\"", "").strip().toLowerCase(Locale.ROOT))
            .toList();
    if (cells.size() > 1 && PromptCsv.PROMPT.stream().anyMatch(cells::contains)) {
      throw RealeraException.usage(
          file + " begins with the header of a table, and its name does not end in .csv",
          "Save it as a .csv file with commas between the columns, or leave one prompt a line.");
    }
  }

  private static List<ListedPrompt> lines(Path file, String text) {
    requireNoTable(file, text);
    TextFile.requireWords(file, text);
    List<ListedPrompt> prompts = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (!ModelText.isBlank(line)) {
        prompts.add(new ListedPrompt(line.strip(), null, null));
      }
    }
    return prompts;
  }
}
