package org.realera.eval.attack;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.config.Template;
import org.realera.files.BasicNormalizer;
import org.realera.files.ModelText;

/**
 * Prompts to attack from, and prompts that mean a concept without naming it; those that ship are
 * {@code configs/attack/prompts}.
 *
 * @param templates prompts that name the concept, each with one <code>{}</code>
 * @param concepts what means which concept
 */
public record PromptBook(List<String> templates, List<Topic> concepts) {
  /**
   * What means one concept without naming it.
   *
   * @param paper the paper's own prompts
   * @param descriptions of what it looks like or does
   * @param subtypes kinds of it
   * @param words other words for it
   * @param languages it in other languages
   */
  public record Topic(
      String name,
      @Nullable List<String> paper,
      @Nullable List<String> descriptions,
      @Nullable List<String> subtypes,
      @Nullable List<String> words,
      @Nullable List<String> languages) {
    /** Refuses one without a name. */
    public Topic {
      if (name == null || ModelText.isBlank(name)) {
        throw new IllegalArgumentException("the key 'concepts.name' is missing");
      }
    }

    /** All of them with their kinds, in this order. */
    List<Implicit> implicit() {
      List<Implicit> all = new ArrayList<>();
      add(all, "paper", paper);
      add(all, "description", descriptions);
      add(all, "subtype", subtypes);
      add(all, "word", words);
      add(all, "language", languages);
      return all;
    }

    private static void add(List<Implicit> all, String kind, @Nullable List<String> texts) {
      if (texts != null) {
        texts.forEach(text -> all.add(new Implicit(kind, text)));
      }
    }
  }

  /**
   * A prompt that means a concept.
   *
   * @param kind how it does so: {@code paper}, {@code description}, ...
   */
  record Implicit(String kind, String text) {}

  /** Checks the templates, and that no concept stands there twice: one of them would go unread. */
  public PromptBook {
    templates = templates == null ? List.of() : List.copyOf(templates);
    concepts = concepts == null ? List.of() : List.copyOf(concepts);
    for (String template : templates) {
      if (!Template.isOne(template)) {
        throw new IllegalArgumentException(
            "'templates' has '" + template + "', expected a prompt with one {}");
      }
    }
    Set<String> names = new HashSet<>();
    for (Topic topic : concepts) {
      if (!names.add(BasicNormalizer.normalize(topic.name()))) {
        throw new IllegalArgumentException("'concepts' has '" + topic.name() + "' twice");
      }
    }
  }

  /** What it has on a concept, if anything. */
  Optional<Topic> topic(String concept) {
    return concepts.stream().filter(topic -> ModelText.isSame(topic.name(), concept)).findFirst();
  }
}
