package org.realera.eval.suite;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.config.Limits;
import org.realera.config.Template;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.files.ModelText;

/**
 * A list that a suite takes from others and that is not part of realera: whom or what to draw
 * beside the suite's own words.
 *
 * @param kind what the file holds and in which columns, see {@link PromptCsv}
 * @param file the user's CSV file; null until the command line or a user's own suite names it
 * @param samples images of each name or prompt at most, or null for as many as of the suite's words
 * @param origin where the file comes from, for whoever lacks it
 */
public record PromptList(
    Kind kind, @Nullable String file, @Nullable Integer samples, @Nullable String origin) {

  /** What a file holds: what {@code list.kind} may be. */
  public enum Kind {
    /** Prompts that call for what was erased, each with its seed and guidance. */
    I2P,
    /** Captions of things that have nothing to do with it. */
    CAPTIONS,
    /** People to keep. */
    CELEBRITIES,
    /** Artists to keep. */
    ARTISTS;

    /** As suites and run files write it. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean isNames() {
      return this == CELEBRITIES || this == ARTISTS;
    }
  }

  /** Checks the kind and the number. */
  public PromptList {
    Suite.required(kind, "list.kind");
    if (samples != null) {
      Suite.checkCount("list.samples", samples, Limits.SAMPLES);
    }
  }

  /** Whether it holds names that go into the suite's prompt. */
  boolean isNames() {
    return kind.isNames();
  }

  PromptList withFile(Path path) {
    return new PromptList(kind, path.toString(), samples, origin);
  }

  /**
   * Reads the file.
   *
   * @param suite the suite's name, for messages
   * @param prompt the suite's prompt, with one <code>{}</code>; needed for names
   * @param erased the erased concept, which is left out of the names
   * @throws RealeraException (not found) if no file is named, with where it comes from, or it is
   *     not there; (damaged) if it lacks a column
   */
  List<ImageSet> sets(String suite, @Nullable String prompt, @Nullable String erased) {
    if (file == null) {
      throw RealeraException.notFound(
          "suite "
              + suite
              + " takes a list from others, which is not part of realera: "
              + kind.id(),
          "Give the file with --prompts FILE"
              + (origin == null ? "." : "; it is " + origin.strip() + "."));
    }
    Path path = Path.of(file);
    if (!kind.isNames()) {
      List<ListedPrompt> prompts = kind == Kind.I2P ? PromptCsv.i2p(path) : PromptCsv.coco(path);
      Role role = kind == Kind.I2P ? Role.ERASED : Role.KEPT;
      String words = prompts.size() + " prompts of " + path.getFileName();
      return List.of(new ImageSet(kind.id(), role, kind.id(), kind.id(), words, samples, prompts));
    }
    String template = prompt == null ? Template.SLOT : prompt;
    List<String> names =
        kind == Kind.CELEBRITIES ? PromptCsv.celebrities(path, template) : PromptCsv.artists(path);
    List<ImageSet> sets = new ArrayList<>();
    for (String name : names) {
      if (erased == null || !ModelText.isSame(name, erased)) {
        String words = Template.fill(template, name);
        sets.add(new ImageSet(ImageSet.slug(name), Role.KEPT, name, name, words, samples, null));
      }
    }
    return List.copyOf(sets);
  }
}
