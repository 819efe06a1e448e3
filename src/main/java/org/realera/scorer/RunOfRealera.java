package org.realera.scorer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.files.IoErrors;

/**
 * Knows the folders of evaluations and attacks: their images are of more than one model, and scored
 * together they would be figures of none.
 */
final class RunOfRealera {
  private static final String FILE = "run.json";

  /** The first key is the schema. */
  private static final String SCHEMA = "\"realera-";

  private static final String ATTACK = "\"realera-attack-";
  private static final int START = 256;
  private static final String IMAGES = "images";
  private static final String ERASED = "erased";

  private RunOfRealera() {}

  /**
   * Refuses a folder that is a run, by itself or below the one that was asked for.
   *
   * @throws RealeraException (usage) naming the folder of one model's images
   */
  static void refuse(Path folder) {
    String start = start(folder.resolve(FILE));
    if (!start.contains(SCHEMA)) {
      return;
    }
    boolean attack = start.contains(ATTACK);
    throw RealeraException.usage(
        folder
            + (attack
                ? " is a run of realera eval attack, with pictures of several models and attacks"
                : " is a run of realera eval, which may hold pictures of more than one model"),
        attack
            ? "Give one folder of its pictures, such as " + folder.resolve(passOf(folder)) + "."
            : "Give the folder of its pictures, " + folder.resolve(IMAGES) + ".");
  }

  /** Of what the erased model drew, if it is there. */
  private static String passOf(Path folder) {
    if (Files.isDirectory(folder.resolve(ERASED))) {
      return ERASED;
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory)
          .map(one -> String.valueOf(one.getFileName()))
          .sorted()
          .findFirst()
          .orElse(ERASED);
    } catch (IOException e) {
      throw IoErrors.reading(folder, e);
    }
  }

  private static String start(Path file) {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (InputStream bytes = Files.newInputStream(file)) {
      return new String(bytes.readNBytes(START), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }
}
