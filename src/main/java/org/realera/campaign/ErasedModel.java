package org.realera.campaign;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.MethodName;
import org.realera.eval.suite.Suite;

/**
 * What was erased from a model.
 *
 * @param concept the concept, if any
 * @param anchor what it was erased with, if known
 * @param fromManifest whether nobody named the concept and the model's realera.json did
 */
public record ErasedModel(@Nullable String concept, @Nullable String anchor, boolean fromManifest) {
  private static final int MOST_NAMED = 5;

  /**
   * What the command line says, and where it says nothing, what the model's realera.json does: in
   * whatever letters, for the suite has its own.
   *
   * @param suite has the concepts that can be measured
   * @param concept as asked for, or null
   * @param anchor as asked for, or null
   * @throws RealeraException (damaged) if there is a realera.json that can't be read
   */
  public static ErasedModel of(
      Path model, Suite suite, @Nullable String concept, @Nullable String anchor) {
    List<ConceptPair> known = concepts(model);
    for (ConceptPair pair : known) {
      Optional<String> measurable = suite.named(pair.concept());
      if (concept == null && measurable.isPresent()) {
        return new ErasedModel(measurable.get(), anchor == null ? pair.anchor() : anchor, true);
      }
      if (concept != null && ConceptPair.isSame(concept, pair.concept()) && anchor == null) {
        return new ErasedModel(concept, pair.anchor(), false);
      }
    }
    return new ErasedModel(concept, anchor, false);
  }

  /**
   * What is odd about measuring all words of a suite: concepts were erased, and it has none of
   * them.
   *
   * @param source what says that they were, in words
   * @return empty if none were, or one that the suite has, or the suite has no concepts at all
   */
  public static Optional<String> unmeasured(String source, List<String> concepts, Suite suite) {
    if (concepts.isEmpty()
        || suite.concepts().isEmpty()
        || concepts.stream().anyMatch(concept -> suite.named(concept).isPresent())) {
      return Optional.empty();
    }
    return Optional.of(
        "%s names %s as erased, and suite %s %s: all its words are measured. Name one with --concept"
            .formatted(
                source,
                concepts.stream()
                        .limit(MOST_NAMED)
                        .map(concept -> "\"" + concept + "\"")
                        .collect(Collectors.joining(", "))
                    + (concepts.size() > MOST_NAMED ? ", ..." : ""),
                suite.name(),
                concepts.size() == 1 ? "does not have it" : "has none of them"));
  }

  /**
   * The concepts that a model's realera.json names; none for a model that is not our work.
   *
   * @throws RealeraException (damaged) as {@link #of}
   */
  public static List<String> named(Path model) {
    return concepts(model).stream().map(ConceptPair::concept).toList();
  }

  /**
   * The model that another was made from: the one that its realera.json names, if it is there and
   * is still the same.
   *
   * @param find a model by its name; may throw if there is none
   */
  public static Optional<ModelRef> source(Path model, Function<String, Path> find) {
    try {
      Optional<Manifest.Model> made = Manifest.find(Checkpoint.filesOf(model)).map(Manifest::model);
      if (made.isEmpty() || made.get().ref().isEmpty()) {
        return Optional.empty();
      }
      Path folder = find.apply(made.get().ref());
      Map<String, String> now = new TreeMap<>(Checkpoint.open(folder).fingerprints());
      for (String added : List.of(Checkpoint.CONFIG, Checkpoint.TOKENIZER)) {
        if (!made.get().sha256().containsKey(added)) {
          now.remove(added); // by an earlier version
        }
      }
      return now.equals(made.get().sha256())
          ? Optional.of(new ModelRef(made.get().ref(), folder))
          : Optional.empty();
    } catch (RealeraException e) {
      return Optional.empty(); // it was moved, or never fetched here
    }
  }

  /**
   * Whether a method has made a model, as its realera.json says.
   *
   * @throws RealeraException (damaged) if there is a realera.json that can't be read
   */
  public static boolean isBy(MethodName method, Path model) {
    return Manifest.find(Checkpoint.filesOf(model))
        .filter(manifest -> manifest.recipe().path("method").asText().equals(method.label()))
        .isPresent();
  }

  /** The pairs of concept and anchor; empty for a model that is not our work. */
  private static List<ConceptPair> concepts(Path model) {
    Path files = Checkpoint.filesOf(model);
    try {
      return Manifest.find(files).map(Manifest::erased).orElse(List.of()).stream()
          .map(pair -> new ConceptPair(pair.concept(), pair.anchor()))
          .toList();
    } catch (RealeraException e) {
      throw new RealeraException(
          RealeraException.Kind.DAMAGED,
          files.resolve(Manifest.FILE) + " can't be used: " + e.getMessage(),
          "Name the concept with --concept, after moving that file away.",
          e);
    }
  }
}
