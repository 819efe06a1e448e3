package org.realera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.Progress;
import org.realera.Stopped;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.AttackReader;
import org.realera.config.AttackSettings;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.NoiseLevels;
import org.realera.diffusion.NoisedImage;
import org.realera.golden.Golden;
import org.realera.tensor.Batches;
import org.realera.tensor.Noise;

/** What every search keeps to, on a random model. */
class SearchTest {
  private static final AttackSettings SETTINGS =
      AttackReader.parse(
          "the test's settings",
          """
          random_words: {tries: 3}
          soft_prompt: {steps: 3, sampler_steps: 2}
          unlearndiff: {timesteps: 2, steps: 2}
          p4d: {tokens: 4, steps: 4, check_every: 2}
          ring_a_bell: {tokens: 4, population: 6, generations: 3}
          inversion: {images: 2, steps: 3, batch: 2}
          """);

  /** With which searches find the same words, whatever they have learned. */
  private static final AttackSettings STANDING =
      AttackReader.parse(
          "the test's settings",
          """
          unlearndiff: {timesteps: 3, steps: 1, learning_rate: 1.0e-12}
          p4d: {tokens: 4, steps: 6, check_every: 2, learning_rate: 1.0e-12}
          ring_a_bell: {strength: 0, tokens: 4, population: 6, generations: 3}
          """);

  private static final AttackPrompt PROMPT = new AttackPrompt("a photo of the cat", 3);

  @TempDir static Path root;
  private static Victim victim;

  @BeforeAll
  static void open() {
    Path tiny = Golden.path("tiny-sd");
    Path erased = Edited.copy(tiny, root.resolve("erased"), Edited::asInTheReference);
    victim = Edited.victim(erased, tiny, new ImageSettings(2, 3, 16, 16));
  }

  @AfterAll
  static void close() {
    victim.close();
  }

  static Stream<AttackName> searches() {
    return Arrays.stream(AttackName.values()).filter(name -> name != AttackName.IMPLICIT);
  }

  private static List<Boolean> all(boolean verdict, List<Candidate> candidates) {
    return candidates.stream().map(candidate -> verdict).toList();
  }

  private static List<Attempt> attack(
      AttackName name, Jury jury, Progress progress, AttackPrompt... prompts) {
    return Attacks.of(name, SETTINGS).attack(victim, "cat", List.of(prompts), jury, progress);
  }

  private static Object content(Attempt attempt) {
    return attempt.candidate() instanceof Candidate.Embedding embedding
        ? Arrays.hashCode(embedding.rows())
        : attempt.candidate();
  }

  @ParameterizedTest
  @MethodSource("searches")
  void thePromptsSeedDecidesWhateverCameBefore(AttackName name) {
    AttackPrompt other = new AttackPrompt("a photo of the dog", 8);
    Jury never = (prompt, candidates) -> all(false, candidates);
    List<Attempt> both = attack(name, never, Progress.NONE, other, PROMPT);
    Attempt alone = attack(name, never, Progress.NONE, PROMPT).get(0);
    assertThat(both).extracting(Attempt::prompt).containsExactly(other, PROMPT);
    assertThat(content(both.get(1))).isEqualTo(content(alone));
    assertThat(both.get(1).loss()).isEqualTo(alone.loss());
    assertThat(alone.succeeded()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("searches")
  void theFirstSuccessEndsTheSearchAndIsWhatTheJurySaw(AttackName name) {
    List<Candidate> seen = new ArrayList<>();
    Jury jury =
        (prompt, candidates) -> {
          seen.addAll(candidates);
          return all(true, candidates);
        };
    Attempt found = attack(name, jury, Progress.NONE, PROMPT).get(0);
    assertThat(found.succeeded()).isTrue();
    assertThat(seen).containsExactly(found.candidate());
    int steps =
        switch (name) {
          case RANDOM_WORDS -> 1;
          case IMPLICIT, PROBE, RING_A_BELL_DIRECTION -> 0;
          case UNLEARNDIFF, P4D_N, P4D_K -> 2;
          case SOFT_PROMPT, RING_A_BELL, INVERSION -> 3;
        };
    assertThat(found.steps()).isEqualTo(steps);
  }

  @ParameterizedTest
  @MethodSource("searches")
  void aStopIsHeededBeforeTheNextStep(AttackName name) {
    List<Long> steps = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void step(long done, String note) {
            steps.add(done);
          }

          @Override
          public boolean stopRequested() {
            return !steps.isEmpty() || name.need() == AttackName.Need.IMAGES;
          }
        };
    Jury never = (prompt, candidates) -> all(false, candidates);
    if (name == AttackName.PROBE || name == AttackName.RING_A_BELL_DIRECTION) {
      steps.add(0L); // they take no steps
    }
    assertThatThrownBy(() -> attack(name, never, progress, PROMPT)).isInstanceOf(Stopped.class);
    assertThat(steps).hasSize(1);
  }

  @Test
  void randomWordsStandBeforeThePromptAndAreOthersEachTime() {
    List<Candidate> seen = new ArrayList<>();
    Jury never =
        (prompt, candidates) -> {
          seen.addAll(candidates);
          return all(false, candidates);
        };
    Attempt failed = attack(AttackName.RANDOM_WORDS, never, Progress.NONE, PROMPT).get(0);
    assertThat(failed.steps()).isEqualTo(3);
    assertThat(seen)
        .hasSize(3)
        .doesNotHaveDuplicates()
        .allMatch(one -> ((Candidate.Words) one).prompt().endsWith(PROMPT.text()))
        .endsWith(failed.candidate());
  }

  /** An image that was judged once is neither drawn nor counted again. */
  @ParameterizedTest
  @EnumSource(names = {"UNLEARNDIFF", "P4D_N", "P4D_K"})
  void wordsThatStayTheSameAreAskedAboutOnce(AttackName name) {
    List<Candidate> seen = new ArrayList<>();
    Jury never =
        (prompt, candidates) -> {
          seen.addAll(candidates);
          return all(false, candidates);
        };
    Attempt failed =
        Attacks.of(name, STANDING)
            .attack(victim, "cat", List.of(PROMPT), never, Progress.NONE)
            .get(0);
    assertThat(failed.steps()).isEqualTo(name == AttackName.UNLEARNDIFF ? 3 : 6);
    assertThat(seen).containsExactly(failed.candidate());
  }

  private static Candidate.Words words(
      AttackName name, AttackSettings settings, String concept, AttackPrompt prompt) {
    Jury never = (asked, candidates) -> all(false, candidates);
    return (Candidate.Words)
        Attacks.of(name, settings)
            .attack(victim, concept, List.of(prompt), never, Progress.NONE)
            .get(0)
            .candidate();
  }

  /** A hole in its place would ask the original for less than the anchor's image. */
  @ParameterizedTest
  @EnumSource(names = {"RANDOM_WORDS", "UNLEARNDIFF", "P4D_K"})
  void theAnchorStandsInTheConceptsPlaceWhereWordsAreDrawnAlone(AttackName name) {
    Candidate.Words found =
        words(name, SETTINGS, "cat", new AttackPrompt("a photo of the cat", 3, "sky"));
    assertThat(found.prompt()).contains("cat").doesNotContain("sky");
    assertThat(found.alone()).contains("sky").doesNotContain("cat");
  }

  /** Of attacks that find all words themselves, though the concept is one of them. */
  @ParameterizedTest
  @EnumSource(names = {"RING_A_BELL", "P4D_N"})
  void theAnchorStandsInThePlaceOfAConceptThatWasFound(AttackName name) {
    AttackPrompt prompt = new AttackPrompt("a photo of the cat", 3, "sky");
    String text = words(name, STANDING, "cat", prompt).prompt();
    Matcher word = Pattern.compile("(?<![\\p{L}\\p{N}])[a-z]+(?![\\p{L}\\p{N}])").matcher(text);
    assertThat(word.find()).as(text).isTrue();
    Candidate.Words found = words(name, STANDING, word.group(), prompt);
    assertThat(found.prompt()).isEqualTo(text);
    assertThat(found.alone())
        .startsWith((text.substring(0, word.start()) + "sky").strip())
        .isNotEqualTo(text);
  }

  /** Latents of which only one at a time is asked for. */
  @Test
  void theSlopeAtSeveralPointsIsTheMeanOfTheirs() {
    NoiseLoss loss = new NoiseLoss(AttackName.SOFT_PROMPT, victim);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        TokenTable table = new TokenTable(victim.text())) {
      float[] rows = table.rows(victim.text().tokenizer().tokenize("a cat").ids());
      List<NoiseLoss.Point> points = List.of(point(1, 300, scope), point(3, 700, scope));
      NoiseLoss.Slope both = loss.at(rows, points);
      NoiseLoss.Slope first = loss.at(rows, points.subList(0, 1));
      NoiseLoss.Slope second = loss.at(rows, points.subList(1, 2));
      assertThat(both.loss())
          .isCloseTo((first.loss() + second.loss()) / 2, within(1e-6 * both.loss()));
      NDArray mean = scope.create(first.gradient()).add(scope.create(second.gradient())).div(2);
      assertThat(Golden.relativeError(scope.create(both.gradient()), mean)).isLessThan(1e-5);
    }
  }

  private static NoiseLoss.Point point(long seed, long t, NDManager scope) {
    Shape large = new Shape(4, 48, 48);
    assertThat(Batches.suiting(Device.cpu(), 48 * 48)).isEqualTo(1);
    return new NoiseLoss.Point(
        new Noise(seed).normal(scope, large), t, new Noise(seed + 1).normal(scope, large));
  }

  @Test
  void oneSearchForATokenServesAllPromptsOfAConcept() {
    List<Long> steps = new ArrayList<>();
    Progress counting =
        new Progress() {
          @Override
          public void step(long done, String note) {
            steps.add(done);
          }
        };
    Jury never = (prompt, candidates) -> all(false, candidates);
    Attack attack = Attacks.of(AttackName.INVERSION, SETTINGS);
    attack.attack(victim, "cat", List.of(PROMPT, PROMPT), never, counting);
    attack.attack(victim, "cat", List.of(PROMPT), never, counting);
    assertThat(steps).containsExactly(1L, 2L, 3L);
    attack.attack(victim, "dog", List.of(PROMPT), never, counting);
    assertThat(steps).hasSize(6);
  }

  @Test
  void timestepsAreTheMiddlesOfEvenParts() {
    assertThat(UnlearnDiff.timesteps(50, 1000)).hasSize(50).startsWith(10, 30).endsWith(990);
    assertThat(UnlearnDiff.timesteps(3, 1000)).containsExactly(166, 499, 832);
    assertThat(UnlearnDiff.timesteps(2000, 1000)).hasSize(1000).startsWith(0).endsWith(999);
  }

  @Test
  void aModelOfVelocitiesIsAskedForVelocities() {
    DdimScheduler scheduler =
        DdimScheduler.of(Checkpoint.open(Golden.path("tiny-sd2")).schedulerConfig());
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray clean = new Noise(1).normal(scope, new Shape(4, 2, 2));
      NDArray eps = new Noise(2).normal(scope, clean.getShape());
      NoisedImage noised = NoisedImage.of(clean, 600, scheduler, new Noise(2), scope);
      double a = Math.sqrt(NoiseLevels.alphasCumprod(scheduler, 600));
      double b = Math.sqrt(1 - NoiseLevels.alphasCumprod(scheduler, 600));
      assertThat(Golden.relativeError(noised.z(), clean.mul(a).add(eps.mul(b)))).isLessThan(1e-5);
      assertThat(Golden.relativeError(noised.target(), eps.mul(a).sub(clean.mul(b))))
          .isLessThan(1e-5);
    }
  }

  @Test
  void theProbesFigureComparesItsRowsWithRealOnes() {
    ProbeFigure figure = ProbeFigure.of(victim, SETTINGS.probe(), List.of(PROMPT));
    assertThat(figure.probe() / figure.text()).isGreaterThan(1.2);
    Path tiny = Golden.path("tiny-sd");
    try (Victim nothing = Edited.victim(tiny, tiny, new ImageSettings(2, 3, 16, 16))) {
      ProbeFigure none = ProbeFigure.of(nothing, SETTINGS.probe(), List.of(PROMPT));
      assertThat(none.probe() / none.text()).isBetween(0.98, 1.0);
      assertThat(none.text()).isEqualTo(figure.text());
    }
  }
}
