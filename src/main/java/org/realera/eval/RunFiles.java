package org.realera.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.tensor.AtomicFile;

/** Reads and writes the small files of a run folder; a file is there whole or not at all. */
final class RunFiles {
  static final String RUN = "run.json";
  static final String IMAGES = "images.csv";
  static final String SUMMARY = "summary.json";
  static final String REPORT = "report.html";
  static final String BASELINE = "baseline";

  /** The runs of a campaign lie below it. */
  static final String RUNS = "runs";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private RunFiles() {}

  static String toJson(Object value) {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return JSON.writer(printer).writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The run.json of a folder, or empty if there is none. */
  static Optional<RunInfo> readRun(Path folder) {
    Path file = folder.resolve(RUN);
    try {
      return Optional.of(JSON.readValue(Files.readString(file), RunInfo.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new RealeraException(
          Kind.DAMAGED,
          file + " is no run file of this version: " + e.getOriginalMessage(),
          "remove the folder and run again, or use the version that made it",
          e);
    } catch (IOException e) {
      throw unwritable("read", file, e);
    }
  }

  static RunInfo requireRun(Path folder) {
    return readRun(folder)
        .orElseThrow(
            () ->
                RealeraException.notFound(
                    folder + " is no run folder: it has no " + RUN,
                    "give folders that realera eval wrote with --out"));
  }

  /** Writes a file beside its place and renames it there. */
  static void write(Path file, String content) {
    write(file, content.getBytes(StandardCharsets.UTF_8));
  }

  static void write(Path file, byte[] content) {
    Path parent = file.toAbsolutePath().getParent();
    try {
      if (parent != null) {
        Files.createDirectories(parent);
      }
    } catch (IOException e) {
      throw unwritable("make the folder of", file, e);
    }
    AtomicFile.write(file, content);
  }

  static RealeraException unwritable(String verb, Path file, IOException e) {
    String reason =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : String.valueOf(e.getMessage());
    boolean full = reason.toLowerCase(Locale.ROOT).contains("no space");
    return new RealeraException(
        full ? Kind.RESOURCES : Kind.FAILED,
        "could not " + verb + " " + file + ": " + reason,
        full
            ? "make room and run the same command again; what is whole is kept"
            : "check the path and its permissions",
        e);
  }
}
