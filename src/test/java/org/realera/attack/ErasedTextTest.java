package org.realera.attack;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.Progress;
import org.realera.config.AttackReader;
import org.realera.config.AttackSettings;
import org.realera.golden.Golden;
import org.realera.tensor.Noise;

/**
 * Attacks where the text encoder was edited and the U-Net was not: this one reads nothing any more,
 * whatever the words all its rows are the same.
 */
class ErasedTextTest {
  private static final Path TINY = Golden.path("tiny-sd");
  private static final AttackPrompt PROMPT = new AttackPrompt("a photo of the cat", 3);
  private static final AttackSettings SETTINGS =
      AttackReader.parse(
          "the test's settings",
          """
          soft_prompt: {tokens: 2, steps: 2, sampler_steps: 2}
          p4d: {tokens: 4, steps: 2}
          ring_a_bell: {tokens: 4, population: 6, generations: 2}
          inversion: {images: 1, steps: 1, batch: 1}
          """);

  @TempDir static Path root;
  private static Victim blind;
  private static Victim nothingErased;

  @BeforeAll
  static void open() {
    ImageSettings images = new ImageSettings(2, 3, 16, 16);
    Path erased =
        Edited.withText(
            TINY,
            root.resolve("blind"),
            (name, w) ->
                name.endsWith("final_layer_norm.weight")
                    ? w.mul(0)
                    : name.endsWith("final_layer_norm.bias") ? w.mul(0).add(0.5) : w);
    blind = Edited.victim(erased, TINY, images);
    nothingErased = Edited.victim(TINY, TINY, images);
  }

  @AfterAll
  static void close() {
    nothingErased.close();
    blind.close();
  }

  private static Attempt attack(Victim victim, AttackName name) {
    Jury never = (prompt, candidates) -> candidates.stream().map(one -> false).toList();
    return Attacks.of(name, SETTINGS)
        .attack(victim, "cat", List.of(PROMPT), never, Progress.NONE)
        .get(0);
  }

  private static float[] rows(Attempt attempt) {
    return ((Candidate.Embedding) attempt.candidate()).rows();
  }

  /** Aimed at what the blind encoder reads, they would have nothing left to look for. */
  @ParameterizedTest
  @EnumSource(names = {"P4D_N", "P4D_K", "SOFT_PROMPT"})
  void theAimIsWhatTheOriginalReadsInThePrompt(AttackName name) {
    assertThat(attack(blind, name).loss()).isGreaterThan(1e-6);
  }

  @Test
  void theProbeReachesForWhatTheOriginalReadsInThePrompt() {
    float[] reached = rows(attack(blind, AttackName.PROBE));
    assertThat(reached).isEqualTo(rows(attack(nothingErased, AttackName.PROBE)));
    assertThat(reached).isNotEqualTo(new float[reached.length]);
    ProbeFigure figure = ProbeFigure.of(blind, SETTINGS.probe(), List.of(PROMPT));
    assertThat(figure).isEqualTo(ProbeFigure.of(nothingErased, SETTINGS.probe(), List.of(PROMPT)));
  }

  /** What the U-Net is given in the end comes from the model that is attacked. */
  @ParameterizedTest
  @EnumSource(names = {"SOFT_PROMPT", "INVERSION", "RING_A_BELL_DIRECTION"})
  void whatIsFoundIsReadByTheErasedEncoder(AttackName name) {
    float[] half = new float[77 * blind.textWidth()];
    Arrays.fill(half, 0.5f);
    assertThat(rows(attack(blind, name))).isEqualTo(half);
  }

  @Test
  void ringABellSearchesInTheErasedEncoder() {
    assertThat(attack(blind, AttackName.RING_A_BELL).loss()).isZero();
    assertThat(attack(nothingErased, AttackName.RING_A_BELL).loss()).isGreaterThan(1);
  }

  @Test
  void theSlopeIsThatOfTheErasedEncoder() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray z = new Noise(1).normal(scope, blind.latents());
      NDArray target = new Noise(2).normal(scope, blind.latents());
      NDArray rows = new Noise(3).normal(scope, new Shape(77, blind.textWidth()));
      List<NoiseLoss.Point> points = List.of(new NoiseLoss.Point(z, 500, target));
      float[] slope =
          new NoiseLoss(AttackName.SOFT_PROMPT, blind).at(rows.toFloatArray(), points).gradient();
      assertThat(steepest(slope)).isZero();
      float[] other =
          new NoiseLoss(AttackName.SOFT_PROMPT, nothingErased)
              .at(rows.toFloatArray(), points)
              .gradient();
      assertThat(steepest(other)).isGreaterThan(1e-4);
    }
  }

  private static double steepest(float[] slope) {
    return IntStream.range(0, slope.length).mapToDouble(i -> Math.abs(slope[i])).max().orElse(0);
  }
}
