package org.realera.eval.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.realera.RealeraException;
import org.realera.config.Template;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Image;
import org.realera.diffusion.Sight;
import org.realera.diffusion.Verdict;
import org.realera.eval.suite.Suite;
import org.realera.scorer.Scorer;
import org.realera.scorer.Scorer.Shown;
import org.realera.scorer.Scorers;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Engine;

/** Looks at an erasure's own images with a suite's classifier. */
public final class ConceptCheck {
  /** Knows its own words alone; any other CLIP model reads whatever it is given. */
  private static final String POCKET = "pocket";

  private final Suite suite;
  private final List<DrawnWord> drawn;
  private final List<String> labels;

  private ConceptCheck(Suite suite, List<String> anchors, List<DrawnWord> drawn) {
    this.suite = suite;
    this.drawn = drawn;
    Set<String> all = new LinkedHashSet<>(suite.labels(null).names());
    anchors.forEach(anchor -> all.add(suite.label(anchor).orElse(anchor)));
    drawn.forEach(word -> all.add(subject(word)));
    this.labels = List.copyOf(all);
  }

  /**
   * Looks.
   *
   * @param suite of a classifier
   * @param anchors what the concepts were erased with: labels, too
   * @param scorer the classifier's folder
   * @throws RealeraException (usage) for a concept that the classifier does not know; (not found,
   *     damaged) if it can't be loaded
   */
  public static Verdict look(
      Suite suite,
      List<String> anchors,
      Path scorer,
      List<DrawnWord> drawn,
      ComputeChoice compute) {
    ConceptCheck check = new ConceptCheck(suite, anchors, drawn);
    check.requireKnown();
    String template = Objects.requireNonNull(suite.scorer().prompt());
    List<String> prompts =
        check.labels.stream().map(label -> Template.fill(template, label)).toList();
    try (Scorer loaded = Scorers.classifier(scorer, prompts, Engine.compute(compute).inFp32())) {
      return check.look(loaded);
    }
  }

  private void requireKnown() {
    boolean pocket = POCKET.equals(suite.scorer().model());
    for (DrawnWord word : drawn) {
      if (pocket && word.role() != DrawnWord.Role.KEPT && owner(word.concept()).isEmpty()) {
        throw RealeraException.usage(
            "the pocket scorer does not know '" + word.concept() + "'",
            "It knows "
                + String.join(", ", suite.concepts().stream().map(Suite.Concept::name).toList())
                + ".");
      }
    }
  }

  /** The same with a scorer of these labels' prompts. */
  Verdict look(Scorer scorer) {
    List<Sight> sights = new ArrayList<>();
    for (DrawnWord word : drawn) {
      String subject = subject(word);
      sights.add(
          new Sight(
              word.role(),
              word.word(),
              subject,
              mean(scorer, word.before(), subject),
              mean(scorer, word.after(), subject)));
    }
    return new Verdict(
        "CLIP (" + suite.scorer().model() + "), " + labels.size() + " labels", sights);
  }

  /** Mean probability of a label, in percent. */
  private double mean(Scorer scorer, List<Image> images, String subject) {
    int index = labels.indexOf(subject);
    return scorer
        .score(images.stream().map(one -> new Shown(one, "a picture", "", subject)).toList())
        .stream()
        .mapToDouble(scores -> 100 * scores.probability(index))
        .average()
        .orElse(0);
  }

  /** What an image of the word would show: its class, or else what it is near or is itself. */
  private String subject(DrawnWord word) {
    String other = word.role() == DrawnWord.Role.KEPT ? word.word() : word.concept();
    return owner(word.word()).or(() -> suite.label(other)).orElse(other);
  }

  private Optional<String> owner(String word) {
    return suite.label(word).filter(label -> suite.named(label).isPresent());
  }
}
