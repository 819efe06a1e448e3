package org.realera.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Knows the folder of a run of this program, an evaluation's or an attack's, by its first key. */
public final class RunMark {
  /** What each run keeps of itself. */
  public static final String FILE = "run.json";

  private static final Pattern SCHEMA =
      Pattern.compile("^\\s*\\{\\s*\"schema\"\\s*:\\s*\"(realera-[^\"]*)\"");

  private static final int START = 256;

  private RunMark() {}

  /**
   * The schema of a folder's run: {@code realera-eval-run/3}.
   *
   * @return empty if the folder is no run of this program
   * @throws org.realera.RealeraException (failed, resources) if its file can't be read
   */
  public static Optional<String> schema(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream bytes = Files.newInputStream(file)) {
      Matcher start =
          SCHEMA.matcher(new String(bytes.readNBytes(START), StandardCharsets.ISO_8859_1));
      return start.find() ? Optional.of(start.group(1)) : Optional.empty();
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }
}
