package org.realera.method;

import java.util.List;
import java.util.stream.Stream;

/** The keys of RealEra's closed form and of the methods that train nothing. */
class ClosedFormKeysTest extends RecipeKeysTests {
  private static final String HOUSE = "concepts: [{concept: house, anchor: city}]\n";
  private static final String OTHER_CONCEPT = "concepts=[{concept: book, anchor: city}]";
  private static final String OTHER_ANCHOR = "concepts=[{concept: house, anchor: game}]";
  private static final String TWO =
      "concepts=[{concept: house, anchor: city}, {concept: book, anchor: game}]";

  private static final String REALERA =
      HOUSE
          + "templates: [\"a photo of the {}\", \"{}\"]\n"
          + "preserve: [family]\n"
          + "mining: {samples: 3, d1: 0.72, d1_anchor: 0.18, s1: 0.98, s2: 0.7, words: 0}\n"
          + "beyond: {samples: 5, d2: 1.1}\n"
          + "closed_form: {sums: SUMS, lambda1: 0.1, mu: 0.1, prefix_weight: 0.1,"
          + " prior_weight: 0.3, prior_prompts: 12, prior_leave_out: 0.1, preserve_weight: 0.1}\n"
          + "alignment: {enabled: false}\n";

  /** Of random points, however they enter. */
  private static final List<String> POINTS =
      List.of(
          "mining.enabled=false",
          "mining.samples=4",
          "mining.d1=0.6",
          "mining.d1_anchor=0.3",
          "mining.s1=0.85",
          "mining.s2=0.9",
          "beyond.enabled=false",
          "beyond.samples=6",
          "beyond.d2=1.3",
          "closed_form.lambda1=0.2");

  private static List<String> and(List<String> some, String... more) {
    return Stream.concat(some.stream(), Stream.of(more)).toList();
  }

  @Override
  List<Keys> recipes() {
    return List.of(
        new Keys(
            REALERA.replace("SUMS", "drawn"),
            and(
                POINTS,
                OTHER_CONCEPT,
                OTHER_ANCHOR,
                TWO,
                "templates=[\"{}\"]",
                "preserve=[music]",
                "seed=1",
                "prior.captions=CAPTIONS",
                "prior.without=[another]",
                "mining.words=2",
                "closed_form.sums=expected",
                "closed_form.params=v",
                "closed_form.params=k",
                "closed_form.mu=0.2",
                "closed_form.prefix_weight=0.2",
                "closed_form.prior_weight=0.5",
                "closed_form.prior_prompts=16",
                "closed_form.prior_leave_out=0.5",
                "closed_form.preserve_weight=0.2"),
            List.of()),
        new Keys(REALERA.replace("SUMS", "expected"), POINTS, List.of("seed=1")),
        new Keys(
            "method: uce\n" + HOUSE + "preserve: [family]\nexpand_prompts: [\"a photo of {}\"]\n",
            List.of(
                OTHER_CONCEPT,
                OTHER_ANCHOR,
                TWO,
                "preserve=[music]",
                "guide=empty",
                "erase_scale=0.5",
                "preserve_scale=0.5",
                "lamb=0.3",
                "expand_prompts=[\"a picture of {}\"]"),
            List.of("templates=[\"{}\"]", "seed=1")),
        new Keys(
            "method: uce-2023\n"
                + HOUSE
                + "preserve: [family]\nexpand_prompts: [\"a photo of {}\"]\n",
            List.of(
                OTHER_CONCEPT,
                OTHER_ANCHOR,
                TWO,
                "preserve=[music]",
                "guide=empty",
                "erase_scale=0.5",
                "preserve_scale=0.3",
                "lamb=0.3",
                "expand_prompts=[\"a picture of {}\"]"),
            List.of("templates=[\"{}\"]", "seed=1")),
        new Keys(
            "method: rece\n" + HOUSE + "preserve: [family]\nepochs: 2\n",
            List.of(
                OTHER_CONCEPT,
                OTHER_ANCHOR,
                TWO,
                "preserve=[music]",
                "guide=empty",
                "epochs=1",
                "regular_scale=0.02",
                "erase_scale=0.5",
                "preserve_scale=0.3",
                "lamb=0.3"),
            List.of("templates=[\"{}\"]", "seed=1")),
        new Keys(
            "method: speed\n"
                + HOUSE
                + "preserve: [family, music, book]\nprior_prompts: 12\naug_num: 2\n"
                + "params: v\ndisable_filter: true\n",
            List.of(
                OTHER_CONCEPT.replace("book", "game"),
                OTHER_ANCHOR,
                TWO.replace("book", "world"),
                "preserve=[family, music]",
                "seed=1",
                "prior.captions=CAPTIONS",
                "prior.without=[park]",
                "guide=empty",
                "params=kv",
                "all_tokens=true",
                "aug_num=3",
                "disable_filter=false",
                "threshold=0.5",
                "retain_scale=0.4",
                "lamb=0.5",
                "prior_prompts=6"),
            List.of("templates=[\"{}\"]")),
        new Keys(
            "method: oce\n"
                + HOUSE
                + "preserve: [family]\npreserve_scale: 1\nprior_prompts: 12\n"
                + "expand_prompts: [\"a photo of {}\"]\n"
                + "templates: [\"a photo of the {}\"]\n",
            List.of(
                OTHER_CONCEPT,
                OTHER_ANCHOR,
                TWO,
                "templates=[\"{}\"]",
                "preserve=[music]",
                "prior.captions=CAPTIONS",
                "prior.without=[park]",
                "guide=empty",
                "erase_scale=2",
                "prior_scale=2",
                "preserve_scale=2",
                "lamb=0.7",
                "expand_prompts=[\"a picture of {}\"]",
                "prior_prompts=16"),
            List.of("seed=1")));
  }

  @Override
  boolean tries(String method, String key) {
    return !key.startsWith("alignment.");
  }
}
