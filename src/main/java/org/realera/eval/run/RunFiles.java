package org.realera.eval.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.AtomicFile;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.RunMark;
import org.realera.files.TextFile;

/** Reads and writes the small files of a run folder; a file is there whole or not at all. */
public final class RunFiles {
  /** What the run was made with: {@link RunInfo}. */
  public static final String RUN = RunMark.FILE;

  /** What to do about one that is damaged. */
  public static final String REMEDY =
      "Remove the folder and run again, or use the version that made it.";

  /** A row for each image and what the scorer said of it. */
  public static final String IMAGES = "images.csv";

  /** The figures. */
  public static final String SUMMARY = "summary.json";

  /** The page. */
  public static final String REPORT = "report.html";

  /** The folder of the original's run, in that of the model under test. */
  public static final String BASELINE = "baseline";

  /** The runs of a campaign lie below it. */
  static final String RUNS = "runs";

  /** How the schema of an attack's run.json begins. */
  public static final String ATTACK_SCHEMA = "realera-attack-run/";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RunFiles() {}

  /**
   * A record as the files of this package have it: snake_case, indented, LF, a line break at the
   * end.
   */
  public static String toJson(Object value) {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return JSON.writer(printer).writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The run.json of a folder, or empty if there is none.
   *
   * @throws RealeraException (damaged) if it is not one of this version
   */
  public static Optional<RunInfo> readRun(Path folder) {
    Path file = folder.resolve(RUN);
    try {
      return read(file, RunInfo.class, RunCheck::of);
    } catch (RealeraException e) {
      if (e.kind() == Kind.DAMAGED && isOfAttacks(file)) {
        throw RealeraException.usage(
            folder + " is a run of realera eval attack, not of realera eval",
            "Name another folder; realera eval report makes a page of attacks alone.");
      }
      throw e;
    }
  }

  /** Attacks have a run.json, too, which is good as it is. */
  private static boolean isOfAttacks(Path file) {
    try {
      return Json.read(file).path("schema").asText().startsWith(ATTACK_SCHEMA);
    } catch (RealeraException e) {
      return false; // it is damaged
    }
  }

  /**
   * A small file of a run folder, or empty if there is none.
   *
   * @param check returns what was read, which is null if the file says no more than that
   * @throws RealeraException (damaged) if it does not say what such a record does
   */
  public static <T> Optional<T> read(
      Path file, Class<T> type, BiFunction<Path, @Nullable T, T> check) {
    try {
      return Optional.of(check.apply(file, JSON.readValue(TextFile.read(file, REMEDY), type)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new RealeraException(
          Kind.DAMAGED, file + " is no run file of this version: " + Json.reason(e), REMEDY, e);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /** The run.json of a folder that should be a run's; an error (not found) if it has none. */
  static RunInfo requireRun(Path folder) {
    return readRun(folder)
        .orElseThrow(
            () ->
                RealeraException.notFound(
                    folder + " is no run folder: it has no " + RUN,
                    "Give folders that realera eval wrote with --out."));
  }

  /**
   * Writes a text file in UTF-8, and the folders above it where they are missing.
   *
   * @throws RealeraException (resources, failed) if it can't be written; it is then as it was
   */
  public static void write(Path file, String content) {
    AtomicFile.writeWithFolders(file, content.getBytes(StandardCharsets.UTF_8));
  }
}
