package org.realera.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.realera.RealeraException;
import org.realera.files.BasicNormalizer;

/**
 * Everything that decides what an erasure does; with the model, the device and the precision it
 * decides the output to the last byte. Written by {@link RecipeWriter}, read by {@link
 * RecipeReader}.
 *
 * @param method which method erases
 * @param concepts what to erase, in order; empty until a command or a file names some
 * @param templates prompts with one {@code {}} for the concept; each gives its own block e, e*
 * @param preserve concepts to keep as they are
 * @param seed decides every random draw
 * @param prior where real text comes from, for methods that hold it
 * @param settings the method's own
 * @param report the images of report.html
 */
public record EraseRecipe(
    MethodName method,
    List<ConceptPair> concepts,
    List<String> templates,
    List<String> preserve,
    long seed,
    PriorSettings prior,
    MethodSettings settings,
    ReportSettings report) {

  /** What {@code configs/erase/object.yaml} says, for when no recipe is given. */
  public static final EraseRecipe DEFAULT = RecipeReader.standard(MethodName.REALERA);

  public EraseRecipe {
    concepts = List.copyOf(concepts);
    templates = Check.templates("templates", templates);
    if (templates.isEmpty()) {
      throw Check.bad("templates", "empty", "must have at least one entry");
    }
    preserve = Check.names("preserve", preserve);
    checkConcepts(concepts, preserve);
    if (seed < 0) {
      throw Check.bad("seed", seed, "must be 0 or more");
    }
    if (!method.settings().isInstance(settings)) {
      throw new IllegalArgumentException(settings + " are no settings of " + method);
    }
    if (prior.hasFile() && !settings.hasPrior()) {
      throw RealeraException.usage(
          "prior.captions is of no use to " + method.label() + ", which holds no real text",
          "Leave it out.");
    }
    if (!prior.without().isEmpty() && !method.readsText()) {
      throw RealeraException.usage(
          "prior.without is of no use to " + method.label() + ", which holds no real text",
          "Leave it out.");
    }
    if (!preserve.isEmpty() && !settings.preserves()) {
      throw RealeraException.usage(
          "preserve has \""
              + preserve.get(0)
              + "\", but "
              + method.label()
              + " has no term that keeps a concept",
          "Leave it out, or take another method, such as realera.");
    }
  }

  private static void checkConcepts(List<ConceptPair> concepts, List<String> preserve) {
    Set<String> erased = new LinkedHashSet<>();
    for (ConceptPair pair : concepts) {
      if (!erased.add(BasicNormalizer.normalize(pair.concept()))) {
        throw RealeraException.usage(
            "concepts has \"" + pair.concept() + "\" twice", "Name each concept once.");
      }
    }
    for (String kept : preserve) {
      if (erased.contains(BasicNormalizer.normalize(kept))) {
        throw RealeraException.usage(
            "preserve has \"" + kept + "\", which is also a concept to erase",
            "Take it out of one of the two.");
      }
    }
  }

  /** How many different anchors there are. */
  public long anchorCount() {
    return concepts.stream().map(ConceptPair::anchor).distinct().count();
  }

  /** With the concept's words alone for templates, if that is asked for. */
  public EraseRecipe bare(boolean bare) {
    return bare ? with("templates", List.of(Template.SLOT)) : this;
  }

  /** Everything that the user wrote to be read by the model: concepts, anchors, preserved ones. */
  public List<String> texts() {
    Set<String> texts = new LinkedHashSet<>();
    concepts.forEach(pair -> texts.addAll(List.of(pair.concept(), pair.anchor())));
    texts.addAll(preserve);
    return List.copyOf(texts);
  }

  /**
   * This recipe if it can be run.
   *
   * @throws RealeraException (usage) as {@link #requireConcepts} and {@link #requireEffective}
   */
  public EraseRecipe requireComplete() {
    return requireConcepts().requireEffective();
  }

  /**
   * This recipe if it names something to erase.
   *
   * @throws RealeraException (usage) if {@code concepts} is empty
   */
  public EraseRecipe requireConcepts() {
    if (concepts.isEmpty()) {
      throw RealeraException.usage(
          "concepts is empty: there is nothing to erase",
          "Give --concept and --anchor, or concepts in the recipe.");
    }
    return this;
  }

  /**
   * This recipe if what it has to hold has a weight, and what it names is read.
   *
   * @throws RealeraException (usage) if {@code preserve}, a file of captions or a folder of masks
   *     would have no effect
   */
  public EraseRecipe requireEffective() {
    String unheld = settings.preserveOff();
    if (!preserve.isEmpty() && unheld != null) {
      throw RealeraException.usage(
          "preserve has \"" + preserve.get(0) + "\", but " + unheld + ": nothing would hold it",
          "Set that above 0, or leave preserve out.");
    }
    String unread = settings.priorOff();
    if (prior.hasFile() && unread != null) {
      throw RealeraException.usage(
          "prior.captions would not be read, for " + unread, "Set that above 0, or leave it out.");
    }
    String unseen = settings.masksOff();
    if (unseen != null) {
      throw RealeraException.usage(
          "masks.source would not be read, for " + unseen, "Set that to true, or leave it out.");
    }
    return this;
  }

  /**
   * The settings of the method that the caller implements.
   *
   * @throws IllegalStateException if the recipe is of another method
   */
  public <T extends MethodSettings> T settings(Class<T> type) {
    if (!type.isInstance(settings)) {
      throw new IllegalStateException("a recipe of " + method + " has no " + type);
    }
    return type.cast(settings);
  }

  /**
   * This recipe if it is of a method.
   *
   * @param what of the program needs that, to begin an error with
   * @throws RealeraException (usage) if it is of another
   */
  public EraseRecipe require(MethodName needed, String what) {
    if (method != needed) {
      throw RealeraException.usage(
          what + " is of " + needed.label() + ", and the recipe's method is " + method.label(),
          "Leave it out, or take a recipe of " + needed.label() + ".");
    }
    return this;
  }

  /** RealEra's neighbor-concept mining; {@link #settings} says what of another method's recipe. */
  public MiningSettings mining() {
    return settings(RealEraSettings.class).mining();
  }

  /** RealEra's beyond-concept regularization, likewise. */
  public BeyondSettings beyond() {
    return settings(RealEraSettings.class).beyond();
  }

  /** RealEra's closed form, likewise. */
  public ClosedFormSettings closedForm() {
    return settings(RealEraSettings.class).closedForm();
  }

  /** RealEra's noise alignment, likewise. */
  public AlignmentSettings alignment() {
    return settings(RealEraSettings.class).alignment();
  }

  /**
   * RealEra as published: points are drawn, and words, prefix rows and prior, which are ours, have
   * no part. The ridge and {@code preserve} are ours, too, and stay: without the ridge eq. 7 is
   * singular, and what is preserved was asked for by name.
   */
  public EraseRecipe paper() {
    return with(
        Map.of(
            "mining.words", 0,
            "closed_form.sums", "drawn",
            "closed_form.prefix_weight", 0,
            "closed_form.prior_weight", 0));
  }

  /**
   * This recipe with one value changed.
   *
   * @param key as in a file, with its groups: {@code mining.d1}
   * @param value of the key's type, or a whole group or list, as records or as maps and lists
   * @throws RealeraException (usage) if there is no such key, or the recipe would not be valid
   */
  public EraseRecipe with(String key, Object value) {
    return with(Map.of(key, value));
  }

  /** This recipe with some values changed; only together need they make a valid one. */
  public EraseRecipe with(Map<String, ?> values) {
    return RecipeReader.with(this, values);
  }
}
