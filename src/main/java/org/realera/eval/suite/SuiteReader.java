package org.realera.eval.suite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.realera.RealeraException;
import org.realera.config.EditDistance;
import org.realera.config.YamlRecords;
import org.realera.config.YamlWords;
import org.realera.files.Environment;
import org.realera.files.TextFile;

/** Reads suites: those shipped with the tool by name, a user's own by path. */
public final class SuiteReader {
  /** The names of the shipped suites. */
  public static final List<String> SHIPPED =
      List.of("cifar10", "cifar10-pocket", "celebrity", "art", "explicit", "coco");

  private static final YamlWords WORDS =
      new YamlWords() {
        @Override
        public String whole() {
          return "the suite";
        }

        @Override
        public String remedy() {
          return "Compare it with the shipped suites, which explain every key.";
        }

        @Override
        public String unknown(String group, String key, List<String> known) {
          return "unknown key '" + key + "' (known: " + String.join(", ", known) + ")";
        }

        @Override
        public String unknownRemedy(List<String> known) {
          return remedy();
        }

        @Override
        public String missing(String group, String key) {
          return "the key '" + key + "' is missing";
        }
      };

  private static final String REMEDY =
      "A suite is a UTF-8 YAML file; check it and its permissions.";

  private SuiteReader() {}

  /** Whether this is a shipped suite's name or the path of something that exists. */
  public static boolean isThere(String nameOrFile) {
    return SHIPPED.contains(nameOrFile) || Files.exists(Path.of(nameOrFile));
  }

  /**
   * Reads a suite.
   *
   * @param nameOrFile a shipped suite's name, or the path of a YAML file
   * @throws RealeraException (not found) if it is neither; (usage) if the file is no valid suite,
   *     with its line
   */
  public static Suite read(String nameOrFile) {
    return read(nameOrFile, UnaryOperator.identity());
  }

  private static Suite read(String nameOrFile, UnaryOperator<String> home) {
    if (SHIPPED.contains(nameOrFile)) {
      try (InputStream in =
          SuiteReader.class.getResourceAsStream("/org/realera/suites/" + nameOrFile + ".yaml")) {
        if (in == null) {
          throw new IllegalStateException("suite " + nameOrFile + " is missing from the jar");
        }
        return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), nameOrFile);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    Path file = Path.of(nameOrFile);
    if (!isThere(nameOrFile)) {
      String near = EditDistance.nearest(nameOrFile, SHIPPED);
      throw RealeraException.notFound(
          "there is no suite '" + nameOrFile + "', neither shipped nor a file",
          (near == null ? "" : "Did you mean " + near + "? ")
              + "Name one of "
              + String.join(", ", SHIPPED)
              + " or the path of a YAML file.");
    }
    try {
      Suite suite = parse(TextFile.readNamed(file, REMEDY), nameOrFile);
      PromptList list = suite.list();
      return list == null || list.file() == null
          ? suite
          : suite.withList(file.resolveSibling(home.apply(list.file())));
    } catch (IOException e) {
      throw new RealeraException(
          RealeraException.Kind.DAMAGED,
          "suite " + file + " can't be read: " + e.getMessage(),
          REMEDY,
          e);
    }
  }

  /**
   * Reads a suite whose paths may begin with the {@code ~} of somebody's home, as those of the
   * command line may.
   *
   * @param environment says where that is
   * @throws RealeraException as {@link #read(String)}
   */
  public static Suite read(String nameOrFile, Environment environment) {
    return SuitePaths.each(read(nameOrFile, environment::withHome), environment::withHome);
  }

  /**
   * Reads a suite from text.
   *
   * @param source names it in errors
   * @throws RealeraException (usage) if it is no valid suite, with its line
   */
  public static Suite parse(String yaml, String source) {
    return YamlRecords.read("suite " + source, yaml, Suite.class, WORDS);
  }
}
