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
final class AlsoErased {
  private final List<String> concepts;

  private AlsoErased(List<String> concepts) {
    this.concepts = List.copyOf(concepts);
  }

  /** Of what is asked for; none for a survey, which measures each word by itself. */
  static AlsoErased of(EvalRequest request) {
    String measured = request.concept();
    if (measured == null) {
      return new AlsoErased(List.of());
    }
    Path model = request.model().path();
    List<Path> folders = new ArrayList<>();
    if (Files.exists(model)) {
      folders.add(Checkpoint.filesOf(model));
    }
    Path adapters = request.spm();
    if (adapters != null) {
      folders.add(Files.isDirectory(adapters) ? adapters : adapters.toAbsolutePath().getParent());
    }
    return new AlsoErased(
        folders.stream()
            .flatMap(folder -> Manifest.find(folder).stream())
            .flatMap(manifest -> manifest.erasedInAll().stream())
            .map(Manifest.Erased::concept)
            .filter(concept -> !ConceptPair.isSame(concept, measured))
            .distinct()
            .toList());
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
