package org.realera.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.realera.RealeraException;
import org.realera.config.Quotes;
import org.realera.files.IoErrors;
import org.realera.files.ModelText;
import org.realera.files.TextFile;

/**
 * A text file with one entry a line, as {@link ModelText#tidy} has it; what follows a # at the
 * start of a word is a comment.
 */
final class WordList {
  private static final String REMEDY = "Give a text file with one entry a line.";

  private WordList() {}

  /**
   * The entries of a file, in order, without comments and empty lines.
   *
   * @throws RealeraException (not found) if there is no such file; (damaged) if it is not UTF-8, or
   *     was not when it was saved, so that an entry has U+FFFD; (usage) if it has no entries, or is
   *     by its name a table or JSON; with the line, if an entry is in quotes or ends with a comma
   *     or a semicolon
   */
  static List<String> read(Path file) {
    return entries(file).stream().map(Entry::text).toList();
  }

  /**
   * An entry and where it stands.
   *
   * @param line counted from 1
   */
  record Entry(String text, int line) {}

  /** The same with the lines that they stand on. */
  static List<Entry> entries(Path file) {
    if (Files.isDirectory(file)) {
      throw RealeraException.usage(file + " is a folder, not a list", REMEDY);
    }
    if (!Files.exists(file)) {
      throw RealeraException.notFound("there is no list " + file, REMEDY);
    }
    TextFile.requireLines(file, REMEDY);
    try {
      List<Entry> entries = new ArrayList<>();
      int number = 0;
      for (String line : TextFile.readNamed(file, REMEDY).lines().toList()) {
        number++;
        requireWhole(file, number, line);
        String text = ModelText.tidy(line).replaceFirst("(^| )#.*", "");
        if (!text.isEmpty()) {
          requireBare(file, number, text);
          entries.add(new Entry(text, number));
        }
      }
      if (entries.isEmpty()) {
        throw RealeraException.usage(file + " has no entries", "Write one a line.");
      }
      return entries;
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /** Tidied, a name would just be shorter. */
  private static void requireWhole(Path file, int line, String text) {
    String entry = text.replaceFirst("(^|\\s)#.*", "");
    if (ModelText.hasLostLetter(entry)) {
      throw RealeraException.damaged(
          "%s, line %s: '%s' has a character that could not be read (U+FFFD)"
              .formatted(file, line, entry.strip()),
          "Write that letter anew, and save the file as UTF-8.");
    }
  }

  /** The quotes and commas of a program's list would be part of the names. */
  private static void requireBare(Path file, int line, String text) {
    String fault = "";
    if (Quotes.enclose(text)) {
      fault = "is enclosed in quotes";
    } else if (text.endsWith(",")) {
      fault = "ends with a comma";
    } else if (text.endsWith(";")) {
      fault = "ends with a semicolon";
    }
    if (!fault.isEmpty()) {
      throw RealeraException.usage(
          "%s, line %s: %s %s, expected the bare words of one entry"
              .formatted(file, line, text, fault),
          "Write one entry a line, without quotes round it and without a comma or a semicolon"
              + " behind it.");
    }
  }
}
