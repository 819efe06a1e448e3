package org.realera.eval;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.eval.ImageSet.Role;

/**
 * A benchmark as data: which images are drawn, how they are scored, what stands beside them. Read
 * from YAML by {@link SuiteReader}; the shipped ones explain every key in place.
 *
 * @param name what the command line calls it
 * @param title one line for the report
 * @param source where the protocol comes from
 * @param prompt the prompt of every image, with one <code>{}</code> for the word
 * @param samples images of every prompt; image i is drawn from seed i
 * @param sampler how the images are drawn
 * @param scorer how they are scored
 * @param published ids of the published tables to print beside the measured figures
 * @param smallModels which suite measures models that draw smaller pictures, if any does
 * @param scenes labels that the open-set figures add to the concepts
 * @param concepts the classes, in the order of the tables
 */
public record Suite(
    String name,
    String title,
    String source,
    String prompt,
    int samples,
    Sampler sampler,
    Scorer scorer,
    List<String> published,
    @Nullable SmallModels smallModels,
    List<String> scenes,
    List<Concept> concepts) {

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
      check(steps >= 1, "sampler.steps is " + steps + ", expected at least 1");
      check(guidance >= 0, "sampler.guidance is " + guidance + ", expected 0 or more");
      check(
          width >= 8 && height >= 8 && width % 8 == 0 && height % 8 == 0,
          "sampler size is " + width + "x" + height + ", expected multiples of 8");
    }

    Sampler withSteps(int newSteps) {
      return new Sampler(scheduler, newSteps, guidance, width, height);
    }

    Sampler withGuidance(double newGuidance) {
      return new Sampler(scheduler, steps, newGuidance, width, height);
    }
  }

  /**
   * How the images of a suite are scored.
   *
   * @param kind {@code clip-classifier}: softmax over 100 x cosine of picture and label prompts
   * @param model a CLIPModel folder, a hub name or {@code pocket}
   * @param prompt a label's prompt, with one <code>{}</code>
   */
  public record Scorer(String kind, String model, String prompt) {
    public static final String CLIP_CLASSIFIER = "clip-classifier";

    public Scorer {
      required(kind, "scorer.kind");
      check(
          kind.equals(CLIP_CLASSIFIER),
          "scorer.kind is '" + kind + "', which is unknown (known: " + CLIP_CLASSIFIER + ")");
      required(model, "scorer.model");
      template(prompt, "scorer.prompt");
    }
  }

  /** Models whose native picture is narrower than {@code nativeSizeBelow} use {@code suite}. */
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
   * @param anchor the anchor we recommend to erase it with
   */
  public record Concept(String name, List<String> synonyms, @Nullable String anchor) {
    public Concept {
      required(name, "concepts.name");
      synonyms = synonyms == null ? List.of() : List.copyOf(synonyms);
    }
  }

  public Suite {
    required(name, "name");
    title = title == null ? name : title;
    source = source == null ? "" : source;
    template(prompt, "prompt");
    check(samples >= 1, "samples is " + samples + ", expected at least 1");
    required(sampler, "sampler");
    required(scorer, "scorer");
    published = published == null ? List.of() : List.copyOf(published);
    scenes = scenes == null ? List.of() : List.copyOf(scenes);
    required(concepts, "concepts");
    concepts = List.copyOf(concepts);
    check(concepts.size() >= 2, "concepts lists " + concepts.size() + ", expected at least 2");
    Set<String> slugs = new LinkedHashSet<>();
    for (Concept concept : concepts) {
      for (String word :
          Stream.concat(Stream.of(concept.name()), concept.synonyms().stream()).toList()) {
        check(slugs.add(ImageSet.slug(word)), "the word '" + word + "' stands twice in concepts");
      }
    }
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
                    "choose one of "
                        + concepts.stream().map(Concept::name).collect(Collectors.joining(", "))));
  }

  /**
   * What is drawn when {@code erased} was erased: its class, the other classes, its synonyms.
   *
   * @param erased a concept of this suite, or null for a survey of all classes and synonyms
   */
  public List<ImageSet> sets(@Nullable String erased) {
    List<ImageSet> sets = new ArrayList<>();
    if (erased != null) {
      sets.add(set(Role.ERASED, erased, concept(erased).name()));
    }
    for (Concept other : concepts) {
      if (!other.name().equals(erased)) {
        sets.add(set(Role.KEPT, other.name(), other.name()));
      }
    }
    for (Concept concept : concepts) {
      if (erased == null || concept.name().equals(erased)) {
        for (String synonym : concept.synonyms()) {
          sets.add(set(Role.RELATED, synonym, concept.name()));
        }
      }
    }
    return List.copyOf(sets);
  }

  private ImageSet set(Role role, String word, String subject) {
    return new ImageSet(ImageSet.slug(word), role, word, subject, prompt.replace("{}", word));
  }

  /** The labels of the scorer: the classes first, then what the open-set figures add. */
  public Labels labels(@Nullable String anchor) {
    Set<String> all = new LinkedHashSet<>();
    concepts.forEach(c -> all.add(c.name()));
    int closed = all.size();
    if (anchor != null) {
      all.add(anchor);
    }
    all.addAll(scenes);
    return new Labels(List.copyOf(all), closed);
  }

  static void required(@Nullable Object value, String key) {
    check(value != null, "the key '" + key + "' is missing");
  }

  private static void template(@Nullable String value, String key) {
    check(
        value != null && value.indexOf("{}") >= 0 && value.indexOf("{}") == value.lastIndexOf("{}"),
        "'" + key + "' is '" + value + "', expected a prompt with one {}");
  }

  static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
