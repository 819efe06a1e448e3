package org.realera.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.realera.RealeraException;

/** CSV: UTF-8, commas, LF, quotes as RFC 4180 has them and only where they are needed. */
public final class Csv {
  private static final CsvFactory READER = new CsvFactory();

  private static final String APOSTROPHE = "'";

  /** How a formula begins, or a cell that was guarded from being one; so every cell comes back. */
  private static final Pattern FORMULA =
      Pattern.compile("'*[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]");

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?|-Infinity");

  private Csv() {}

  /**
   * A file with a header.
   *
   * @param header the names of the columns
   * @param rows all with as many cells as the header
   */
  public record Table(List<String> header, List<Row> rows) {
    public Table {
      header = List.copyOf(header);
      rows = List.copyOf(rows);
    }
  }

  /**
   * A row below the header.
   *
   * @param line where it begins, counted from 1
   */
  public record Row(int line, List<String> cells) {
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /** A line with its line break. Jackson leaves a lone CR without quotes, so it is done here. */
  public static String line(List<String> cells) {
    return cells.stream().map(Csv::quoted).collect(Collectors.joining(",", "", "\n"));
  }

  private static String quoted(String cell) {
    boolean needed = cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return needed ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }

  /**
   * The same for cells that may be anybody's words: one that a spreadsheet would run as a formula
   * gets an apostrophe before it, by which spreadsheets know a text. Numbers stay as they are.
   */
  public static String guardedLine(List<String> cells) {
    return line(cells.stream().map(Csv::guarded).toList());
  }

  private static String guarded(String cell) {
    boolean formula = FORMULA.matcher(cell).lookingAt() && !NUMBER.matcher(cell).matches();
    return formula ? APOSTROPHE + cell : cell;
  }

  /** A cell as it was given to {@link #guardedLine}. */
  public static String unguarded(String cell) {
    boolean guarded = cell.startsWith(APOSTROPHE) && FORMULA.matcher(cell).lookingAt();
    return guarded ? cell.substring(APOSTROPHE.length()) : cell;
  }

  /**
   * Reads a file. Lines of blanks are passed over; a mark of the byte order is, too.
   *
   * @param remedy what to do about a damaged one
   * @throws RealeraException (damaged) with file and line, if it is empty, is not UTF-8, if a quote
   *     is never closed or text follows one, or if a row has not as many cells as the header
   * @throws IOException if it can't be read
   */
  public static Table read(Path file, String remedy) throws IOException {
    List<Row> rows = rows(TextFile.read(file, remedy), file, remedy);
    if (rows.isEmpty()) {
      throw damaged(file, 1, "the file is empty", remedy);
    }
    List<String> header = rows.get(0).cells();
    for (Row row : rows) {
      if (row.cells().size() != header.size()) {
        throw damaged(
            file,
            row.line(),
            row.cells().size() + " fields, expected " + header.size() + " as above",
            remedy);
      }
    }
    return new Table(header, rows.subList(1, rows.size()));
  }

  private static List<Row> rows(String text, Path file, String remedy) throws IOException {
    List<Row> rows = new ArrayList<>();
    int line = 1;
    try (CsvParser parser = READER.createParser(text)) {
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        line = parser.currentLocation().getLineNr();
        List<String> cells = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          cells.add(parser.getText());
        }
        // Jackson's own way to pass over empty lines strips blanks from the next line.
        if (cells.size() != 1 || !ModelText.isBlank(cells.get(0))) {
          rows.add(new Row(line, cells));
        }
      }
      return rows;
    } catch (JsonProcessingException e) {
      String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      String what =
          message.startsWith("Missing closing quote")
              ? "a quote is never closed"
              : message.contains("Expected column separator")
                  ? "text follows a closing quote"
                  : message;
      throw damaged(file, line, what, remedy);
    }
  }

  /** The error for a line that makes no sense. */
  public static RealeraException damaged(Path file, int line, String what, String remedy) {
    return RealeraException.damaged(file + ", line " + line + ": " + what, remedy);
  }
}
