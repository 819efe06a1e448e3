package org.realera.eval.attack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.realera.RealeraException;
import org.realera.config.YamlRecords;
import org.realera.config.YamlWords;
import org.realera.eval.suite.ListedPrompt;
import org.realera.eval.suite.PromptFile;
import org.realera.eval.suite.Suite;
import org.realera.files.IoErrors;
import org.realera.files.TextFile;

/** Prompts for a concept: those that ship, or a user's own. */
public final class PromptBooks {
  private static final String REMEDY =
      "Give YAML as in configs/attack/prompts, a CSV with a column prompt, or one prompt a line.";

  private static final YamlWords WORDS =
      new YamlWords() {
        @Override
        public String whole() {
          return "the list of prompts";
        }

        @Override
        public String remedy() {
          return "Compare it with configs/attack/prompts/object.yaml, which explains every key.";
        }
      };

  private PromptBooks() {}

  /** So many of the shipped prompts, by what the suite draws and scores. */
  public static PromptPlan shipped(Suite suite, String concept, int count) {
    return PromptPlan.of(shipped(suite.kind()), concept, count);
  }

  /** A shipped book. */
  static PromptBook shipped(String name) {
    String resource = "/org/realera/configs/attack/prompts/" + name + ".yaml";
    try (InputStream in = PromptBooks.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + resource);
      }
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return YamlRecords.read("prompts " + name, yaml, PromptBook.class, WORDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A user's own prompts, which take the place of all that ship.
   *
   * @param file YAML by its name, CSV by its name, or one prompt a line
   * @throws RealeraException (usage) if it is empty, or has none for the concept; (not found,
   *     damaged)
   */
  public static PromptPlan own(Path file, String concept) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
      List<PlannedPrompt> prompts = new ArrayList<>();
      for (ListedPrompt listed : PromptFile.read(file)) {
        long seed = listed.seedOr(prompts.size());
        prompts.add(new PlannedPrompt(listed.prompt(), seed, null));
      }
      return PromptPlan.ofList(prompts, concept, file.toString());
    }
    if (!Files.exists(file)) {
      throw RealeraException.notFound("there is no list of prompts " + file, REMEDY);
    }
    try {
      PromptBook book =
          YamlRecords.read(
              file.toString(), TextFile.readNamed(file, REMEDY), PromptBook.class, WORDS);
      return PromptPlan.ofUser(book, concept, file.toString());
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }
}
