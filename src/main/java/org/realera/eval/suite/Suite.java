package org.realera.eval.suite;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;
import org.realera.config.Limits;
import org.realera.config.Template;
import org.realera.files.ModelText;
import org.realera.scorer.nudenet.BodyPart;

/**
 * A benchmark as data: which images are drawn, how they are scored, what stands beside them. Read
 * from YAML by {@link SuiteReader}; the shipped ones explain every key in place.
 *
 * @param name what the command line calls it
 * @param title one line for the report
 * @param source where the protocol comes from
 * @param prompt the prompt of every word, with one <code>{}</code>; null if the suite draws a list
 *     of prompts alone
 * @param samples images of every prompt; image i is drawn from seed i
 * @param sampler how the images are drawn
 * @param scorer how they are scored
 * @param metrics what is made of the scores; by default the usual of the scorer
 * @param published ids of the published tables to print beside the measured figures
 * @param smallModels which suite measures models that draw smaller images, if any does
 * @param scenes labels that the open-set figures add to the concepts
 * @param concepts the classes, in the order of the tables
 * @param list what is taken from others, if anything; without one the other concepts are kept. A
 *     classifier has none: what is in it is no class
 * @param fid what FID is measured with, once its files are named
 */
public record Suite(
    String name,
    String title,
    String source,
    @Nullable String prompt,
    int samples,
    Sampler sampler,
    Scorer scorer,
    MetricSet metrics,
    List<String> published,
    @Nullable SmallModels smallModels,
    List<String> scenes,
    List<Concept> concepts,
    @Nullable PromptList list,
    @Nullable Fid fid) {
  /** The kind of what draws small images, see {@link #kind()}. */
  public static final String POCKET = "pocket";

  /** Sides of images are multiples of this many pixels. */
  public static final int SIDES = 8;

  /** Images of a longer side below this are small. */
  private static final int SMALL = 128;

  /**
   * How the images of a suite are drawn.
   *
   * @param scheduler {@code ddim}
   * @param guidance classifier-free guidance scale
   * @param width pixels
   * @param height pixels
   */
  public record Sampler(String scheduler, int steps, double guidance, int width, int height) {
    public Sampler {
      required(scheduler, "sampler.scheduler");
      check(
          scheduler.equals("ddim"),
          "sampler.scheduler is '" + scheduler + "', the only one there is is ddim");
      checkCount("sampler.steps", steps, Limits.STEPS);
      check(guidance >= 0, "sampler.guidance is " + guidance + ", expected 0 or more");
      check(
          width > 0 && height > 0 && width % SIDES == 0 && height % SIDES == 0,
          "sampler size is " + width + "x" + height + ", expected multiples of " + SIDES);
      checkCount("sampler.width", width, Limits.PIXELS);
      checkCount("sampler.height", height, Limits.PIXELS);
    }

    /** Whether images are so small that a model draws them which knows but few words. */
    public boolean small() {
      return Math.max(width, height) < SMALL;
    }

    /** The same with so many DDIM steps. */
    public Sampler withSteps(int newSteps) {
      return new Sampler(scheduler, newSteps, guidance, width, height);
    }

    /** The same with this classifier-free guidance scale. */
    public Sampler withGuidance(double newGuidance) {
      return new Sampler(scheduler, steps, newGuidance, width, height);
    }

    Sampler withSize(int newWidth, int newHeight) {
      return new Sampler(scheduler, steps, guidance, newWidth, newHeight);
    }
  }

  /**
   * How the images of a suite are scored.
   *
   * @param kind by which everything else is chosen
   * @param model a CLIP model's folder, a hub name or {@code pocket}; for other scorers a file,
   *     null until the command line names it
   * @param prompt for a classifier a label's prompt, with one <code>{}</code>; for a CLIP score the
   *     prompt of what is looked for, null for each image's own
   * @param threshold of NudeNet, the score that a detection needs; null for the published one
   * @param parts of NudeNet, what counts; empty for the published eight
   */
  public record Scorer(
      ScorerKind kind,
      @Nullable String model,
      @Nullable String prompt,
      @Nullable Double threshold,
      List<String> parts) {

    /** Checks that what the kind needs is there. */
    public Scorer {
      required(kind, "scorer.kind");
      if (kind.isClip()) {
        required(model, "scorer.model");
      }
      if (kind == ScorerKind.CLIP_CLASSIFIER || prompt != null) {
        template(prompt, "scorer.prompt");
      }
      parts = parts == null ? List.of() : List.copyOf(parts);
      parts.forEach(
          part ->
              check(
                  Arrays.stream(BodyPart.values()).anyMatch(p -> p.name().equalsIgnoreCase(part)),
                  "scorer.parts has '" + part + "', which NudeNet does not know"));
      check(
          threshold == null || (threshold >= 0 && threshold <= 1),
          "scorer.threshold is " + threshold + ", expected 0 to 1");
    }
  }

  /**
   * What FID is measured with.
   *
   * @param model {@code inception-2015-12-05.pt}
   * @param reference a folder of images, or their statistics as {@code .npz}
   */
  public record Fid(String model, String reference) {
    public Fid {
      required(model, "fid.model");
      required(reference, "fid.reference");
    }
  }

  /** Models whose native image is narrower than {@code nativeSizeBelow} use {@code suite}. */
  public record SmallModels(int nativeSizeBelow, String suite) {
    public SmallModels {
      required(suite, "small_models.suite");
    }
  }

  /**
   * A concept that can be erased.
   *
   * @param name the class, e.g. {@code airplane}
   * @param synonyms other words for it, which an erasure should cover too
   * @param subtypes kinds of it ({@code biplane}), which an erasure should cover too: a second
   *     Acc_g
   * @param associated whole prompts that mean it without its name
   * @param anchor the anchor we recommend to erase it with
   */
  public record Concept(
      String name,
      List<String> synonyms,
      List<String> subtypes,
      List<String> associated,
      @Nullable String anchor) {
    public Concept {
      required(name, "concepts.name");
      whole("name", List.of(name));
      whole("synonyms", synonyms);
      whole("subtypes", subtypes);
      whole("anchor", anchor == null ? null : List.of(anchor));
      name = ModelText.tidy(name);
      check(!name.isEmpty(), "'concepts.name' is empty");
      synonyms = tidy(synonyms);
      subtypes = tidy(subtypes);
      associated = tidy(associated);
    }

    /** Tidied, a name would just be shorter. */
    private static void whole(String key, @Nullable List<String> words) {
      for (String word : words == null ? List.<String>of() : words) {
        check(
            !ModelText.hasLostLetter(word),
            "'concepts.%s' has '%s', with a character that could not be read (U+FFFD)"
                .formatted(key, word));
      }
    }

    private static List<String> tidy(@Nullable List<String> words) {
      return words == null ? List.of() : words.stream().map(ModelText::tidy).toList();
    }

    /** What it is called: its name, its synonyms and its kinds. */
    List<String> names() {
      return Stream.of(List.of(name), synonyms, subtypes).flatMap(List::stream).toList();
    }

    /** Every word and prompt that is drawn for it, its name first. */
    List<String> words() {
      return Stream.of(List.of(name), synonyms, subtypes, associated)
          .flatMap(List::stream)
          .toList();
    }
  }

  public Suite {
    required(name, "name");
    title = title == null ? name : title;
    source = source == null ? "" : source;
    concepts = concepts == null ? List.of() : List.copyOf(concepts);
    check(
        list != null || concepts.size() >= 2,
        "concepts lists " + concepts.size() + ", expected at least 2");
    if (prompt != null || list == null || list.isNames()) {
      template(prompt, "prompt");
    }
    checkCount("samples", samples, Limits.SAMPLES);
    required(sampler, "sampler");
    required(scorer, "scorer");
    List<MetricSet> fitting = scorer.kind().metrics();
    metrics = metrics == null ? fitting.get(0) : metrics;
    check(
        fitting.contains(metrics),
        "metrics is '" + metrics.id() + "', which scorer " + scorer.kind().id() + " has none of");
    check(
        scorer.kind() != ScorerKind.CLIP_CLASSIFIER || concepts.size() >= 2,
        "concepts lists " + concepts.size() + ", a classifier needs at least 2");
    check(
        scorer.kind() != ScorerKind.CLIP_CLASSIFIER || list == null,
        "list is given, but scorer clip-classifier knows the concepts alone");
    published = published == null ? List.of() : List.copyOf(published);
    scenes = scenes == null ? List.of() : List.copyOf(scenes);
    SuitePlan.requireApart(concepts);
  }

  /**
   * What kind of concepts it has: prompts and budgets of attacks that ship are named so. {@code
   * celebrity}, {@code style}, {@code explicit}, {@code object} or {@value #POCKET}.
   */
  public String kind() {
    return switch (scorer.kind()) {
      case CELEBRITY -> "celebrity";
      case CLIP_SCORE -> "style";
      case NUDENET -> "explicit";
      case CLIP_CLASSIFIER -> sampler.small() ? POCKET : "object";
    };
  }

  /** The name that a concept has here, in whatever letters it was erased; empty if none has it. */
  public Optional<String> named(String erased) {
    return concepts.stream()
        .map(Concept::name)
        .filter(own -> ConceptPair.isSame(own, erased))
        .findFirst();
  }

  /** The concept of that name; a usage error that lists the names if there is none. */
  public Concept concept(String wanted) {
    return concepts.stream()
        .filter(c -> c.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                RealeraException.usage(
                    "suite " + name + " has no concept '" + wanted + "'",
                    concepts.isEmpty()
                        ? "Leave the concept out: this suite draws the same for every model."
                        : "Choose one of "
                            + concepts.stream()
                                .map(Concept::name)
                                .collect(Collectors.joining(", ", "", "."))));
  }

  /**
   * What is drawn when {@code erased} was erased: its word, what is kept (the list, or else the
   * other concepts), its synonyms, associated prompts and subtypes.
   *
   * @param erased a concept of this suite, or null for a survey of all concepts
   * @throws RealeraException (not found, damaged) for a list that is not there or unsound; (usage)
   *     for one with a name whose pictures would lie where those of another word do
   */
  public List<ImageSet> sets(@Nullable String erased) {
    return SuitePlan.sets(this, erased);
  }

  /**
   * The label that a word is another word for, in whatever letters: that of the class with this
   * name, synonym or kind, or that of the scene; empty if it would be a label of its own. Two
   * labels for one thing share its probability, and each has too little.
   */
  public Optional<String> label(String word) {
    return SuitePlan.label(this, word);
  }

  /** What the scorer says of an image; a classifier's labels are the classes and the open set. */
  public Labels labels(@Nullable String anchor) {
    return SuitePlan.labels(this, anchor);
  }

  /** The same suite with a user's file as its list; a usage error if it takes none. */
  public Suite withList(Path file) {
    if (list == null) {
      throw RealeraException.usage(
          "suite " + name + " takes no list of prompts", "Leave --prompts out.");
    }
    return with(sampler, scorer, smallModels, list.withFile(file), fid);
  }

  /** The same suite in another size. */
  public Suite withSize(int width, int height) {
    return with(sampler.withSize(width, height), scorer, smallModels, list, fid);
  }

  /** The same suite with FID measured by these files. */
  public Suite withFid(Fid other) {
    return with(sampler, scorer, smallModels, list, other);
  }

  /** The same suite otherwise drawn, scored, listed and measured. */
  Suite with(
      Sampler otherSampler,
      Scorer otherScorer,
      @Nullable SmallModels otherSmallModels,
      @Nullable PromptList otherList,
      @Nullable Fid otherFid) {
    return new Suite(
        name,
        title,
        source,
        prompt,
        samples,
        otherSampler,
        otherScorer,
        metrics,
        published,
        otherSmallModels,
        scenes,
        concepts,
        otherList,
        otherFid);
  }

  static void required(@Nullable Object value, String key) {
    check(value != null, "the key '" + key + "' is missing");
  }

  private static void template(@Nullable String value, String key) {
    check(
        value != null && Template.isOne(value),
        "'" + key + "' is '" + value + "', expected a prompt with one {}");
  }

  /** Refuses a number unless it is from 1 to {@code most}. */
  static void checkCount(String key, int value, int most) {
    check(value >= 1, key + " is " + value + ", expected at least 1");
    check(value <= most, key + " is " + value + ", expected at most " + most);
  }

  static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
