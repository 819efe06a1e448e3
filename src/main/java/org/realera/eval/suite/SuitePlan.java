package org.realera.eval.suite;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;
import org.realera.config.Template;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Suite.Concept;
import org.realera.files.ModelText;
import org.realera.scorer.nudenet.BodyPart;

/** From a suite and the erased concept to what is drawn and what is asked of every image. */
final class SuitePlan {
  private final Suite suite;
  private final Map<String, ImageSet> sets = new LinkedHashMap<>();

  private SuitePlan(Suite suite) {
    this.suite = suite;
  }

  /** See {@link Suite#sets}. */
  static List<ImageSet> sets(Suite suite, @Nullable String erased) {
    SuitePlan plan = new SuitePlan(suite);
    plan.addWords(erased);
    PromptList list = suite.list();
    if (list != null) {
      list.sets(suite.name(), suite.prompt(), erased).forEach(set -> plan.addListed(set, list));
    }
    return List.copyOf(plan.sets.values());
  }

  /** A survey draws the suite's own names anyway; any other of one folder would fall out. */
  private void addListed(ImageSet set, PromptList list) {
    ImageSet other = sets.putIfAbsent(set.name(), set);
    if (other != null
        && !(other.role() == Role.KEPT && ModelText.isSame(other.word(), set.word()))) {
      throw RealeraException.usage(
          "'%s' of %s would have the folder of pictures of '%s' (%s) of suite %s"
              .formatted(set.word(), list.file(), other.word(), other.role().label(), suite.name()),
          other.role() == Role.KEPT
              ? "Leave that name out of the list, or write both in the same way."
              : "Leave that name out of the list.");
    }
  }

  private void addWords(@Nullable String erased) {
    if (erased != null) {
      addWord(Role.ERASED, suite.concept(erased).name(), erased);
    }
    for (Concept other : suite.concepts()) {
      if (!other.name().equals(erased) && (erased == null || suite.list() == null)) {
        addWord(Role.KEPT, other.name(), other.name());
      }
    }
    for (Concept concept : suite.concepts()) {
      if (erased == null || concept.name().equals(erased)) {
        concept.synonyms().forEach(word -> addWord(Role.RELATED, word, concept.name()));
        concept.associated().forEach(text -> add(Role.RELATED, text, concept.name(), text));
        concept.subtypes().forEach(word -> addWord(Role.SUBTYPE, word, concept.name()));
      }
    }
  }

  private void addWord(Role role, String word, String subject) {
    String prompt = suite.prompt();
    add(role, word, subject, prompt == null ? word : Template.fill(prompt, word));
  }

  private void add(Role role, String word, String subject, String prompt) {
    String slug = ImageSet.slug(word);
    sets.put(slug, new ImageSet(slug, role, word, subject, prompt));
  }

  /** Refuses words of one folder: the same one twice, or two that its name does not tell apart. */
  static void requireApart(List<Concept> concepts) {
    Map<String, String> folders = new HashMap<>();
    for (Concept concept : concepts) {
      for (String word : concept.words()) {
        String folder = ImageSet.slug(word);
        String other = folders.put(folder, word);
        Suite.check(
            other == null || !ModelText.isSame(other, word),
            "the word '" + word + "' stands twice in concepts");
        Suite.check(
            other == null,
            "'"
                + word
                + "' of concepts would have the folder of pictures of '"
                + other
                + "', '"
                + folder
                + "': they differ in nothing that its name shows, the letters and digits that a"
                + " text begins with");
      }
    }
  }

  /** See {@link Suite#labels}. */
  static Labels labels(Suite suite, @Nullable String anchor) {
    Suite.Scorer scorer = suite.scorer();
    return switch (scorer.kind()) {
      case CLIP_CLASSIFIER -> classes(suite, anchor);
      case CELEBRITY -> new Labels(Labels.CELEBRITY, 0);
      case CLIP_SCORE -> new Labels(Labels.CLIP_SCORE, 0);
      case NUDENET -> new Labels(parts(scorer), 0);
    };
  }

  private static List<String> parts(Suite.Scorer scorer) {
    Stream<String> parts =
        scorer.parts().isEmpty()
            ? BodyPart.PUBLISHED.stream().map(BodyPart::name)
            : scorer.parts().stream();
    return parts.map(part -> part.toLowerCase(Locale.ROOT)).toList();
  }

  /** See {@link Suite#label}. */
  static Optional<String> label(Suite suite, String word) {
    return suite.concepts().stream()
        .filter(concept -> isAny(concept.names(), word))
        .map(Concept::name)
        .findFirst()
        .or(() -> suite.scenes().stream().filter(own -> ConceptPair.isSame(own, word)).findFirst());
  }

  private static boolean isAny(List<String> names, String word) {
    return names.stream().anyMatch(name -> ConceptPair.isSame(name, word));
  }

  private static Labels classes(Suite suite, @Nullable String anchor) {
    Set<String> all = new LinkedHashSet<>();
    suite.concepts().forEach(c -> all.add(c.name()));
    int closed = all.size();
    if (anchor != null) {
      all.add(label(suite, anchor).orElse(anchor));
    }
    all.addAll(suite.scenes());
    return new Labels(List.copyOf(all), closed);
  }
}
