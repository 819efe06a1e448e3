package org.realera.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.realera.RealeraException;

/**
 * Text that others wrote: UTF-8, whole, of a bounded size, and of a file that ends. A byte order
 * mark at its start is passed over, for editors on Windows put one there. A NUL is refused: no text
 * has one, but UTF-16 and programs' data do, which would be read as other words.
 */
public final class TextFile {
  /** No configuration, recipe, list or vocabulary is nearly as large. */
  private static final long MOST_BYTES = 256L << 20;

  /** What pipes and devices gave, by path. */
  private static final Map<Path, byte[]> PIPED = new HashMap<>();

  private static final String MARK = "\ufeff";

  /** Endings of names whose lines are no entries. */
  private static final List<String> TABLES =
      List.of(".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml", ".parquet", ".xlsx");

  /** The name of an image, and what a table has between two cells. */
  private static final Pattern IMAGE =
      Pattern.compile(
          "(?i)\\s*\"?([^\\s\",;|]+\\.(?:jpe?g|png|webp|gif|bmp|tiff?))(?:#\\d+)?\"?\\s*[,;|\\t ]");

  private TextFile() {}

  /**
   * Reads a file.
   *
   * @param remedy what to do about a damaged one
   * @throws RealeraException (damaged) naming the file, if it is a folder, a pipe or a device, if
   *     it is too large, or, with the line, if it is not UTF-8 or has a NUL
   * @throws IOException if it is missing or can't be read
   */
  public static String read(Path file, String remedy) throws IOException {
    return read(file, MOST_BYTES, remedy);
  }

  /** The same of a file of no more than so many bytes. */
  public static String read(Path file, long mostBytes, String remedy) throws IOException {
    requireRegular(file, remedy);
    long size = Files.size(file);
    if (size > mostBytes) {
      throw RealeraException.damaged(
          "%s is too large to be read as text: %s bytes, expected at most %s"
              .formatted(file, size, mostBytes),
          remedy);
    }
    return decoded(Files.readAllBytes(file), file, remedy);
  }

  /**
   * Reads what the user names on the command line, which may be a pipe: {@code <(...)} or {@code
   * /dev/stdin}. A pipe gives its bytes once, and more than one place reads a file: options are
   * checked before the model is looked up, and count after it. So what a pipe gave is kept by its
   * path until the program ends, {@value #MOST_BYTES} bytes of all pipes at most, and every later
   * reader has the same. Otherwise as {@link #read(Path, String)}.
   */
  public static String readNamed(Path file, String remedy) throws IOException {
    if (Files.isRegularFile(file) || Files.isDirectory(file)) {
      return read(file, remedy);
    }
    return decoded(piped(file, remedy), file, remedy);
  }

  private static byte[] piped(Path file, String remedy) throws IOException {
    Path key = file.toAbsolutePath().normalize();
    synchronized (PIPED) {
      byte[] kept = PIPED.get(key);
      if (kept != null) {
        return kept;
      }
      long left = MOST_BYTES - PIPED.values().stream().mapToLong(bytes -> bytes.length).sum();
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes((int) left + 1);
        if (bytes.length > left) {
          throw RealeraException.damaged(
              file
                  + " is too large to be read as text: expected at most "
                  + left
                  + " bytes from a pipe",
              remedy);
        }
        PIPED.put(key, bytes);
        return bytes;
      }
    }
  }

  /**
   * Refuses what is no file, before it is opened: a pipe would be waited for without end.
   *
   * @throws RealeraException (damaged) naming it
   * @throws IOException if it is missing or can't be looked at
   */
  public static void requireRegular(Path file, String remedy) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw RealeraException.damaged(file + " is a folder, expected a file", remedy);
    }
    if (!attributes.isRegularFile()) {
      throw RealeraException.damaged(
          file + " is a pipe or a device, expected a plain file", remedy);
    }
  }

  private static String decoded(byte[] bytes, Path file, String remedy) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    // The end of the input makes an unfinished character malformed.
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (result.isError()) {
      throw damaged(file, bytes, in.position(), "the text is not UTF-8", remedy);
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw damaged(file, bytes, i, "the text is not UTF-8: it has a NUL", remedy);
      }
    }
    String text = out.flip().toString();
    return text.startsWith(MARK) ? text.substring(1) : text;
  }

  private static RealeraException damaged(
      Path file, byte[] bytes, int at, String what, String remedy) {
    int line = 1;
    for (int i = 0; i < at; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return RealeraException.damaged(file + ", line " + line + ": " + what, remedy);
  }

  /**
   * Refuses a file whose name says that it is more than lines: its braces, commas and quotes would
   * be read as words.
   *
   * @throws RealeraException (usage) naming it
   */
  public static void requireLines(Path file, String remedy) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (TABLES.stream().anyMatch(name::endsWith)) {
      throw RealeraException.usage(file + " is by its name no text of one entry a line", remedy);
    }
  }

  /**
   * Refuses lines of which most begin with the name of an image, as captions of Flickr have it:
   * names would be read as words.
   *
   * @param text what the file holds
   * @throws RealeraException (usage) naming the file and the first such name
   */
  public static void requireWords(Path file, String text) {
    List<String> lines = text.lines().filter(line -> !ModelText.isBlank(line)).toList();
    List<String> names =
        lines.stream()
            .map(IMAGE::matcher)
            .filter(Matcher::lookingAt)
            .map(found -> found.group(1))
            .toList();
    if (names.size() * 2 > lines.size()) {
      throw RealeraException.usage(
          file + ": its lines begin with the names of pictures, such as " + names.get(0),
          "Leave each line's words alone: `cut -d, -f2-` takes the names off, or `cut -f2-` where"
              + " a tab follows them.");
    }
  }
}
