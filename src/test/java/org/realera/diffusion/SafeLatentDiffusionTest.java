package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.golden.Golden;
import org.realera.golden.TestModel;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.text.ClipTokenizer;

class SafeLatentDiffusionTest {
  private static final SldSettings FROM_THE_START = new SldSettings("own", 0, 1000, 0.01, 0.3, 0.4);

  private static TestModel model;
  private static ClipTokenizer tokenizer;
  private static ImageSampler sampler;

  @BeforeAll
  static void load() {
    model = new TestModel(Golden.path("tiny-sd"), Engine.compute("cpu", "fp32"));
    tokenizer = model.tokenizer();
    sampler = model.sampler(tokenizer);
  }

  @AfterAll
  static void unload() {
    tokenizer.close();
    model.close();
  }

  private static ImageRequest plain(String prompt, long seed, double guidance) {
    return new ImageRequest(prompt, "", seed, 12, guidance, 16, 16);
  }

  private static ImageRequest safe(
      String prompt, long seed, double guidance, String text, SldSettings settings) {
    return new ImageRequest(prompt, "", seed, 12, guidance, 16, 16)
        .with(new SafeGuidance(text, settings));
  }

  private static List<Image> draw(ImageRequest... requests) {
    return sampler.sample(List.of(requests), Edits.NONE, done -> {});
  }

  private static int largestDifference(Image a, Image b) {
    assertThat(a.rgb()).hasSameSizeAs(b.rgb());
    int largest = 0;
    for (int i = 0; i < a.rgb().length; i++) {
      largest = Math.max(largest, Math.abs((a.rgb()[i] & 255) - (b.rgb()[i] & 255)));
    }
    return largest;
  }

  /** scripts/golden/sld.py --steps: 25 steps of diffusers' own guidance, with its momentum. */
  @ParameterizedTest
  @ValueSource(strings = {"weak", "medium", "strong", "max"})
  void everyStepIsThatOfDiffusers(String name) {
    try (Golden golden = Golden.open("sld-steps.safetensors");
        NDManager run = NDManager.newBaseManager()) {
      NDArray predictions = golden.get("predictions");
      SldSettings settings = SldSettings.of(name);
      List<ImageRequest> batch =
          List.of(safe("a", 0, 4, "x", settings), safe("b", 1, 4, "x", settings));
      Guidance guidance = Guidance.of(run, batch);
      for (int step = 0; step < 25; step++) {
        NDArray combined = guidance.combine(golden.scope(), predictions.get(step), step);
        assertThat(Golden.relativeError(combined, golden.get(name).get(step)))
            .as("%s, step %d", name, step)
            .isLessThan(1e-6);
      }
    }
  }

  /** The authors' model card, AIML-TUDA/stable-diffusion-safe, and their code's text. */
  @Test
  void settingsAndTextAreThePublishedOnes() {
    assertThat(SldSettings.PUBLISHED)
        .containsExactly(
            new SldSettings("weak", 15, 200, 0, 0, 0),
            new SldSettings("medium", 10, 1000, 0.01, 0.3, 0.4),
            new SldSettings("strong", 7, 2000, 0.025, 0.5, 0.7),
            new SldSettings("max", 0, 5000, 1, 0.5, 0.7));
    assertThat(SafeGuidance.PUBLISHED_TEXT.split(", "))
        .containsExactly(
            "hate",
            "harassment",
            "violence",
            "suffering",
            "humiliation",
            "harm",
            "suicide",
            "sexual",
            "nudity",
            "bodily fluids",
            "blood",
            "obscene gestures",
            "illegal activity",
            "drug use",
            "theft",
            "vandalism",
            "weapons",
            "child abuse",
            "brutality",
            "cruelty");
  }

  @Test
  void anImageNeedsThreePredictions() {
    try (NDManager run = NDManager.newBaseManager()) {
      List<ImageRequest> batch =
          List.of(
              new ImageRequest("a", "bad", 0, 2, 3, 16, 16)
                  .with(new SafeGuidance("blood", SldSettings.MAX)),
              safe("b", 1, 3, "blood", SldSettings.MAX));
      assertThat(Guidance.of(run, batch).texts())
          .containsExactly("bad", "", "a", "b", "blood", "blood");
    }
  }

  @Test
  void withoutScaleItIsPlainGuidance() {
    SldSettings none = new SldSettings("own", 0, 0, 0.01, 0.3, 0.4);
    Image guided = draw(safe("a cat", 5, 7.5, "a dog", none)).get(0);
    Image plain = draw(plain("a cat", 5, 7.5)).get(0);
    assertThat(largestDifference(guided, plain)).isLessThanOrEqualTo(1);
  }

  @Test
  void theWarmUpIsTheBeginningOfTheRunAndIsNotGuided() {
    Image plain = draw(plain("a cat", 5, 7.5)).get(0);
    // Medium warms up for 10 of the 12 steps; one that warms up for all of them never guides.
    SldSettings never = new SldSettings("own", 12, 1000, 0.01, 0.3, 0.4);
    assertThat(largestDifference(draw(safe("a cat", 5, 7.5, "a dog", never)).get(0), plain))
        .isLessThanOrEqualTo(1);
    Image medium = draw(safe("a cat", 5, 7.5, "a dog", SldSettings.MEDIUM)).get(0);
    Image fromTheStart = draw(safe("a cat", 5, 7.5, "a dog", FROM_THE_START)).get(0);
    assertThat(largestDifference(medium, fromTheStart)).isGreaterThan(1);
    assertThat(largestDifference(medium, plain)).isGreaterThan(0);
    assertThat(largestDifference(fromTheStart, plain))
        .isGreaterThan(largestDifference(medium, plain));
  }

  @Test
  void whatIsGuidedAwayFromAndHowStronglyMakesADifference() {
    Image dog = draw(safe("a cat", 5, 7.5, "a dog", SldSettings.MAX)).get(0);
    Image ship = draw(safe("a cat", 5, 7.5, "a ship", SldSettings.MAX)).get(0);
    Image weaker = draw(safe("a cat", 5, 7.5, "a dog", FROM_THE_START)).get(0);
    assertThat(largestDifference(dog, ship)).isGreaterThan(1);
    assertThat(largestDifference(dog, weaker)).isGreaterThan(1);
  }

  @Test
  void anImageDoesNotDependOnItsNeighbors() {
    ImageRequest one = safe("a cat", 5, 7.5, "a dog", SldSettings.MAX);
    Image alone = draw(one).get(0);
    List<Image> together =
        draw(
            safe("a ship", 1, 3, "a dog", SldSettings.MAX),
            one,
            safe("a dog", 2, 2, "a dog", SldSettings.MAX));
    assertThat(largestDifference(together.get(1), alone)).isLessThanOrEqualTo(1);
  }

  @Test
  void imagesWithAndWithoutItComeBackInOrder() {
    ImageRequest[] mixed = {
      plain("a cat", 5, 7.5),
      safe("a cat", 5, 7.5, "a dog", SldSettings.MAX),
      plain("a cat", 5, 1),
      safe("a cat", 5, 7.5, "a ship", SldSettings.MAX)
    };
    List<Image> together = draw(mixed);
    List<Image> alone = Arrays.stream(mixed).map(one -> draw(one).get(0)).toList();
    for (int i = 0; i < mixed.length; i++) {
      assertThat(largestDifference(together.get(i), alone.get(i))).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void withoutGuidanceOrTextItMeansNothing() {
    assertThatThrownBy(() -> safe("a cat", 5, 1, "a dog", SldSettings.MAX))
        .isInstanceOf(RealeraException.class)
        .hasMessage("SLD changes the guidance, and guidance 1.0 is none");
    assertThatThrownBy(() -> new SafeGuidance(" ", SldSettings.MAX))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("the safety text is empty");
    assertThatThrownBy(() -> SldSettings.of("huge"))
        .isInstanceOf(RealeraException.class)
        .hasMessage("'huge' is no strength of SLD");
  }
}
