package org.realera.eval.suite;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.config.Limits;
import org.realera.config.Template;
import org.realera.files.BasicNormalizer;
import org.realera.files.Csv;
import org.realera.files.IoErrors;
import org.realera.files.ModelText;

/**
 * Reads the prompt lists that the paper takes from others, in the columns those files have. The
 * lists themselves are the user's; each method says where its file comes from.
 */
final class PromptCsv {
  /** Columns that may hold a prompt. */
  static final List<String> PROMPT = List.of("prompt", "caption");

  /** Columns that may hold a seed. */
  static final List<String> SEED = List.of("sd_seed", "evaluation_seed", "seed");

  /** Columns that may hold a guidance scale. */
  static final List<String> GUIDANCE =
      List.of("sd_guidance_scale", "evaluation_guidance", "guidance");

  private static final List<String> GROUP = List.of("type");
  private static final List<String> ARTIST = List.of("artist");

  /** All columns that are read; which of two of the same name counts, nobody could tell. */
  private static final List<String> READ =
      Stream.of(PROMPT, SEED, GUIDANCE, GROUP, ARTIST).flatMap(List::stream).toList();

  private static final Set<String> KEPT = Set.of("others", "1");
  private static final Set<String> ERASED = Set.of("erased", "0");

  /** Pictures of a prompt have seeds from its own on: none of them may be beyond a long. */
  private static final BigDecimal MOST_SEED = BigDecimal.valueOf(Long.MAX_VALUE - Limits.IMAGES);

  /** 2^64: below that torch takes any, and other programs draw by such. */
  private static final BigDecimal TORCH_SEEDS = new BigDecimal("18446744073709551616");

  private static final long LOWER = 0xffffffffL;

  private static final String REMEDY =
      "Give the list as its authors publish it, comma-separated, UTF-8, with its header.";

  private PromptCsv() {}

  /** A line with the names of its columns. */
  private record Row(Path file, int line, Map<String, String> cells) {

    @Nullable String optional(List<String> names) {
      for (String name : names) {
        String value = cells.get(name);
        if (value != null && !ModelText.isBlank(value)) {
          return value;
        }
      }
      return null;
    }

    String text(List<String> names) {
      String value = optional(names);
      if (value == null) {
        throw damaged(file + ", line " + line + ": '" + names.get(0) + "' is empty");
      }
      return value;
    }

    /** One that holds a name, tidied; without a letter it would be another. */
    String whole(List<String> names) {
      String value = text(names);
      if (ModelText.hasLostLetter(value)) {
        throw RealeraException.damaged(
            "%s, line %s: '%s' has a character that could not be read (U+FFFD)"
                .formatted(file, line, value),
            "Write that letter anew, and save the file as UTF-8.");
      }
      return ModelText.tidy(value);
    }

    String textOrEmpty(List<String> names) {
      String value = optional(names);
      return value == null ? "" : value;
    }

    /** One of {@code prompt}, not of {@code caption}: no image has a caption without words. */
    boolean isEmptyPrompt() {
      String prompt = cells.get(PROMPT.get(0));
      return prompt != null
          && optional(PROMPT) == null
          && cells.values().stream().anyMatch(cell -> !ModelText.isBlank(cell));
    }

    BigDecimal number(String text, String column) {
      try {
        return new BigDecimal(text.strip());
      } catch (NumberFormatException e) {
        throw damaged(
            file + ", line " + line + ": '" + column + "' is '" + text + "', expected a number");
      }
    }
  }

  /** A name and the line that it stands on; empty where the line is of none to keep. */
  private record Named(String text, int line) {}

  /**
   * I2P: {@code prompt}, {@code sd_seed}, {@code sd_guidance_scale}, as in the data set
   * AIML-TUDA/i2p; or {@code evaluation_seed}, {@code evaluation_guidance}, as in the copies that
   * the erasing methods ship (4,703 lines). A prompt may be empty: one of the published ones is. A
   * line without a seed has its index from 0.
   *
   * @throws RealeraException (not found); (damaged) without those columns, or with a line that
   *     makes no sense: a seed is 0 to 2^63 - 1 - {@link Limits#IMAGES}
   */
  public static List<ListedPrompt> i2p(Path file) {
    return read(
        file,
        List.of(PROMPT, SEED, GUIDANCE),
        (row, index) -> prompt(row, row.textOrEmpty(PROMPT)).numbered(index));
  }

  /**
   * Prompts as anybody lists them: {@code prompt} or {@code caption} and, where there are any, the
   * other columns of I2P, by which a row without words is known for the empty prompt. A line
   * without a seed has none.
   *
   * @throws RealeraException as {@link #i2p}
   */
  static List<ListedPrompt> prompts(Path file) {
    return read(
        file,
        List.of(PROMPT),
        (row, index) -> prompt(row, row.isEmptyPrompt() ? "" : row.text(PROMPT)));
  }

  /**
   * Captions of MS-COCO: {@code prompt} (or {@code caption}) and, where there is one, {@code
   * evaluation_seed}, as in the {@code coco_30k.csv} that the erasing methods ship.
   *
   * @throws RealeraException as {@link #i2p}
   */
  public static List<ListedPrompt> coco(Path file) {
    return read(
        file, List.of(PROMPT), (row, index) -> prompt(row, row.text(PROMPT)).numbered(index));
  }

  /**
   * The preserved people of MACE's {@code celebrity_N_concepts.csv}: {@code type} is {@code
   * others}, of the others {@code erased}; {@code prompt} is the template with the name.
   *
   * @param template the prompt whose names are wanted, with one <code>{}</code>; the file has five
   *     templates with the same names
   * @throws RealeraException as {@link #i2p}; (damaged) if no line fits the template, or two names
   *     would have one folder of pictures
   */
  public static List<String> celebrities(Path file, String template) {
    String wanted = ModelText.tidy(template);
    String head = wanted.substring(0, wanted.indexOf(Template.SLOT));
    String tail = wanted.substring(wanted.indexOf(Template.SLOT) + Template.SLOT.length());
    List<Named> names =
        read(
            file,
            List.of(GROUP, PROMPT),
            (row, index) -> {
              String prompt = ModelText.tidy(row.text(PROMPT));
              boolean fits =
                  prompt.length() > head.length() + tail.length()
                      && prompt.startsWith(head)
                      && prompt.endsWith(tail);
              return new Named(
                  isKept(row) && fits
                      ? row.whole(PROMPT).substring(head.length(), prompt.length() - tail.length())
                      : "",
                  row.line());
            });
    return distinct(file, names, "no line of type 'others' reads '" + template + "'");
  }

  /**
   * The preserved artists of MACE's {@code art_100_concepts.csv}: {@code type} is {@code 1}, of the
   * others {@code 0}; the name stands under {@code artist}.
   *
   * @throws RealeraException as {@link #i2p}; (damaged) if two names would have one folder of
   *     pictures
   */
  public static List<String> artists(Path file) {
    List<Named> names =
        read(
            file,
            List.of(GROUP, ARTIST),
            (row, index) -> new Named(isKept(row) ? row.whole(ARTIST) : "", row.line()));
    return distinct(file, names, "no line is of type 1");
  }

  private static boolean isKept(Row row) {
    String type = row.text(GROUP);
    String read = BasicNormalizer.normalize(type);
    if (!KEPT.contains(read) && !ERASED.contains(read)) {
      throw RealeraException.damaged(
          "%s, line %s: 'type' is '%s', expected others or 1, erased or 0"
              .formatted(row.file(), row.line(), type),
          "Write others or 1 for a name to keep, erased or 0 for one that is erased.");
    }
    return KEPT.contains(read);
  }

  private static List<String> distinct(Path file, List<Named> names, String none) {
    Map<String, Named> distinct = new LinkedHashMap<>();
    for (Named one : names) {
      Named other = one.text().isEmpty() ? one : distinct.get(ImageSet.slug(one.text()));
      if (other == null) {
        distinct.put(ImageSet.slug(one.text()), one);
      } else if (!other.text().equals(one.text())) {
        throw RealeraException.damaged(
            "%s, line %s: '%s' would have the folder of pictures of '%s' in line %s"
                .formatted(file, one.line(), one.text(), other.text(), other.line()),
            "Write a name the same way in all its lines, or leave one of the two out.");
      }
    }
    if (distinct.isEmpty()) {
      throw damaged(file + " names nobody to preserve: " + none);
    }
    return distinct.values().stream().map(Named::text).toList();
  }

  private static ListedPrompt prompt(Row row, String prompt) {
    String seed = row.optional(SEED);
    String guidance = row.optional(GUIDANCE);
    Long number = seed == null ? null : seed(row, seed);
    return new ListedPrompt(prompt, number, guidance == null ? null : guidance(row, guidance));
  }

  private static long seed(Row row, String text) {
    BigDecimal number = row.number(text, "seed");
    boolean isLarge = number.compareTo(MOST_SEED) > 0;
    if (isLarge || number.signum() < 0) {
      throw RealeraException.damaged(
          "%s, line %s: the seed '%s' is %s, expected a whole number from 0 to %s"
              .formatted(
                  row.file(), row.line(), text, isLarge ? "too large" : "negative", MOST_SEED),
          isLarge && number.compareTo(TORCH_SEEDS) < 0
              ? "Write "
                  + (number.toBigInteger().longValue() & LOWER)
                  + " in its place: the pictures are the same, for the lower 32 bits of a seed are"
                  + " all that is read of it."
              : "Write a number in that range, or leave the cell empty.");
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw damaged(
          row.file() + ", line " + row.line() + ": the seed '" + text + "' is no whole number");
    }
  }

  private static double guidance(Row row, String text) {
    double guidance = row.number(text, "guidance").doubleValue();
    if (!Double.isFinite(guidance)) {
      throw damaged(
          row.file()
              + ", line "
              + row.line()
              + ": 'guidance' is '"
              + text
              + "', expected a finite number");
    }
    return guidance;
  }

  /**
   * Reads all lines.
   *
   * @param needed for each needed column the names it may have
   * @param reader line and index from 0 to value
   */
  private static <T> List<T> read(
      Path file, List<List<String>> needed, BiFunction<Row, Integer, T> reader) {
    if (!Files.exists(file)) {
      throw RealeraException.notFound("there is no prompt list " + file, "Check the path.");
    }
    try {
      Csv.Table table = Csv.read(file, REMEDY);
      List<String> header = header(table);
      requireColumns(file, header, needed);
      List<T> result = new ArrayList<>();
      for (Csv.Row line : table.rows()) {
        Map<String, String> cells = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
          cells.put(header.get(i), line.cells().get(i));
        }
        result.add(reader.apply(new Row(file, line.line(), cells), result.size()));
      }
      if (result.isEmpty()) {
        throw damaged(file + " has no lines below its header");
      }
      return List.copyOf(result);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /** The names of the columns, whose case and blanks mean nothing. */
  static List<String> header(Csv.Table table) {
    return table.header().stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
  }

  private static void requireColumns(Path file, List<String> found, List<List<String>> needed) {
    for (String name : READ) {
      if (Collections.frequency(found, name) > 1) {
        throw damaged(file + ", line 1: the header has the column '" + name + "' twice");
      }
    }
    for (List<String> names : needed) {
      if (names.stream().noneMatch(found::contains)) {
        throw damaged(
            file
                + ", line 1: the header has no column '"
                + String.join("' or '", names)
                + "' (found: "
                + String.join(", ", found)
                + ")");
      }
    }
  }

  private static RealeraException damaged(String message) {
    return RealeraException.damaged(message, REMEDY);
  }
}
