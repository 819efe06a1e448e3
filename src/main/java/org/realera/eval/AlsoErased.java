package org.realera.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.config.ConceptPair;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;

/**
 * Concepts that were erased from a model beside the one that is measured, as its realera.json and
 * those of the models before it say: whoever erased two must not find the second among what is
 * kept.
 */
public final class AlsoErased {
  private static final int MOST_NAMED = 5;

  private final List<String> concepts;
  private final boolean isNamed;
  private final String unnamed;

  /**
   * @param all what was erased, the measured concept among it or not
   * @param unnamed empty if it is among it
   */
  private AlsoErased(@Nullable String measured, List<String> all, String unnamed) {
    this.concepts =
        all.stream()
            .filter(concept -> measured == null || !ConceptPair.isSame(concept, measured))
            .toList();
    this.isNamed = concepts.size() < all.size();
    this.unnamed = unnamed;
  }

  /** Of what is asked for; none for a survey, which measures each word by itself. */
  static AlsoErased of(EvalRequest request) {
    String measured = request.subject().concept();
    if (measured == null) {
      return new AlsoErased(null, List.of(), "");
    }
    Path model = request.model().path();
    List<Path> folders = new ArrayList<>();
    if (Files.exists(model)) {
      folders.add(Checkpoint.filesOf(model));
    }
    Path adapters = request.drawn().spm();
    if (adapters != null) {
      folders.add(Files.isDirectory(adapters) ? adapters : adapters.toAbsolutePath().getParent());
    }
    List<String> all = folders.stream().flatMap(folder -> erased(folder).stream()).toList();
    String name = adapters == null ? request.model().name() : adapters.toString();
    return new AlsoErased(measured, all.stream().distinct().toList(), unnamed(name, all, measured));
  }

  /**
   * What is odd about measuring a concept: the model's realera.json names others only.
   *
   * @param name what the model was given as
   * @return empty if it names the concept, names nothing or is not there
   */
  public static String unnamed(String name, Path model, String concept) {
    return unnamed(name, erased(Checkpoint.filesOf(model)), concept);
  }

  private static String unnamed(String name, List<String> all, String concept) {
    List<String> others = all.stream().distinct().toList();
    if (all.isEmpty() || all.stream().anyMatch(one -> ConceptPair.isSame(one, concept))) {
      return "";
    }
    int more = others.size() - MOST_NAMED;
    return "realera.json of %s does not name %s; it names %s"
            .formatted(
                name,
                concept,
                String.join(", ", others.subList(0, others.size() - Math.max(0, more))))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static List<String> erased(Path folder) {
    return Manifest.find(folder).map(Manifest::erasedInAll).orElse(List.of()).stream()
        .map(Manifest.Erased::concept)
        .toList();
  }

  /** As {@link #unnamed(String, Path, String)}, of what was asked for. */
  String unnamed() {
    return unnamed;
  }

  /** Words before those that are {@link #among} the kept. */
  String told() {
    return "erased from this model, " + (isNamed ? "too, " : "") + "and not counted as kept: ";
  }

  /** The sets without those that would count them as kept. */
  List<ImageSet> without(List<ImageSet> sets) {
    return sets.stream().filter(set -> !isOne(set)).toList();
  }

  /** Those that a suite would count as kept; null if there are none. */
  @Nullable String among(List<ImageSet> sets) {
    List<String> names = new ArrayList<>();
    sets.stream().filter(this::isOne).map(ImageSet::subject).distinct().forEach(names::add);
    return names.isEmpty() ? null : String.join(", ", names);
  }

  private boolean isOne(ImageSet set) {
    return set.role() == Role.KEPT
        && concepts.stream().anyMatch(concept -> ConceptPair.isSame(concept, set.subject()));
  }
}
