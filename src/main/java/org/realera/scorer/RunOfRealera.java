package org.realera.scorer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.files.IoErrors;
import org.realera.files.RunMark;

/**
 * Knows the folders of evaluations and attacks: their images are of more than one model, and scored
 * together they would be figures of none.
 */
final class RunOfRealera {
  private static final String ATTACK = "realera-attack-";
  private static final String IMAGES = "images";
  private static final String ERASED = "erased";

  private RunOfRealera() {}

  /**
   * Refuses a folder that is a run, by itself or below the one that was asked for.
   *
   * @throws RealeraException (usage) naming the folder of one model's images
   */
  static void refuse(Path folder) {
    RunMark.schema(folder).ifPresent(schema -> refuse(folder, schema.startsWith(ATTACK)));
  }

  private static void refuse(Path folder, boolean attack) {
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
}
