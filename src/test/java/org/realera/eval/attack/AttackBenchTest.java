package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.attack.AttackPrompt;
import org.realera.attack.Candidate;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.AttackReader;
import org.realera.config.AttackSettings;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.SpmFile;
import org.realera.eval.suite.Suite.Sampler;
import org.realera.golden.Golden;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/** With what attacks draw, and what keeps those of other settings apart. */
class AttackBenchTest {
  private static final Path TINY = Golden.path("tiny-sd");
  private static final List<Boolean> NO = List.of(false);

  @TempDir private Path folder;

  /** With no number that any suite has. */
  @Test
  void imagesAreDrawnAsTheRequestSays() {
    AttackRequest plain =
        new AttackLine(
                TINY.toString(),
                null,
                AttackLine.PLAN,
                List.of(AttackName.RANDOM_WORDS),
                List.of(),
                AttackLine.PLAIN.shard(),
                null)
            .to(folder);
    Sampler sampler = new Sampler("ddim", 3, 4.5, 24, 16);
    AttackRequest request = AttackLine.drawn(plain, sampler, "sky", plain.scorer());
    Image found;
    try (AttackBackend.Bench bench =
        new EngineAttackBackend(ComputeChoice.of("cpu", "fp32")).open(request, note -> {})) {
      found = bench.draw(List.of(new Candidate.Words("a cat")), 7).get(0);
    }
    try (Pipeline pipeline =
        Pipeline.load(Checkpoint.open(TINY), Engine.compute("cpu", "fp32"), note -> {})) {
      ImageRequest wanted = new ImageRequest("a cat", "", 7, 3, 4.5, 24, 16);
      Image drawn = pipeline.sampler().sample(List.of(wanted), Edits.NONE, done -> {}).get(0);
      assertThat(found.width()).isEqualTo(24);
      assertThat(found.height()).isEqualTo(16);
      assertThat(found.rgb()).isEqualTo(drawn.rgb());
    }
  }

  /** A token found once serves all prompts of a model. */
  @Test
  void anAttackSearchesOnceForAllPrompts() {
    AttackLine line =
        new AttackLine(
            TINY.toString(),
            null,
            AttackLine.PLAN,
            List.of(AttackName.INVERSION),
            List.of("inversion.steps=2", "inversion.images=1", "inversion.batch=1"),
            AttackLine.PLAIN.shard(),
            null);
    List<Long> steps = new ArrayList<>();
    Progress listener =
        new Progress() {
          @Override
          public void step(long done, String note) {
            steps.add(done);
          }
        };
    try (AttackBackend.Bench bench =
        new EngineAttackBackend(ComputeChoice.of("cpu", "fp32"))
            .open(line.to(folder), note -> {})) {
      for (long seed = 0; seed < 2; seed++) {
        AttackPrompt prompt = new AttackPrompt("a photo of the house", seed);
        bench.attack(AttackName.INVERSION, prompt, (asked, candidates) -> NO, listener);
        assertThat(steps).as("seed " + seed).containsExactly(1L, 2L);
      }
    }
  }

  /** As SPM is published: the baseline draws words with them. */
  @Test
  void wordsAreDrawnWithTheAdaptersOfTheRequest() {
    Path spm = Golden.path("spm-authors.safetensors");
    String house = "a photo of the house";
    Sampler sampler = AttackLine.SUITE.sampler();
    Checkpoint checkpoint = Checkpoint.open(TINY);
    SpmFile adapters = SpmFile.read(spm, checkpoint);
    try (Pipeline pipeline =
        Pipeline.load(checkpoint, Engine.compute("cpu", "fp32"), adapters, note -> {})) {
      ImageRequest wanted =
          new ImageRequest(
              house, "", 3, sampler.steps(), sampler.guidance(), sampler.width(), sampler.height());
      Image drawn = pipeline.draw(List.of(wanted), done -> {}).get(0);
      assertThat(drawn(spm, house)).isEqualTo(drawn.rgb()).isNotEqualTo(drawn(null, house));
    }
  }

  private byte[] drawn(@Nullable Path spm, String prompt) {
    AttackRequest request =
        AttackLine.adapted(
            AttackLine.PLAIN.model(TINY.toString()).baseline(TINY.toString()).to(folder), spm);
    try (AttackBackend.Bench bench =
        new EngineAttackBackend(ComputeChoice.of("cpu", "fp32")).open(request, note -> {})) {
      return bench.draw(List.of(new Candidate.Words(prompt)), 3).get(0).rgb();
    }
  }

  /** What an attack found with other settings is no part of its rate. */
  @ParameterizedTest
  @CsvSource({
    "RANDOM_WORDS, random_words.tries=2, tries: 50 there",
    "PROBE, probe.regular_scale=0.5, regular_scale: 0.001 there",
    "RING_A_BELL_DIRECTION, ring_a_bell.strength=1, strength: 3.0 there",
    "RING_A_BELL, ring_a_bell.mutation=0.5, mutation: 0.25 there",
    "SOFT_PROMPT, soft_prompt.steps=2, steps: 30 there",
    "UNLEARNDIFF, unlearndiff.timesteps=2, timesteps: 50 there",
    "P4D_N, p4d.tokens=2, tokens: 16 there",
    "P4D_K, p4d.every=2, every: 3 there",
    "INVERSION, inversion.start=dog, start: \"thing\" there",
  })
  void anAttackGoesOnOnlyWithItsOwnSettings(AttackName attack, String setting, String told) {
    AttackFiles.prepare(folder, attack, AttackReader.read("object", List.of()));
    AttackFiles.prepare(folder, attack, AttackReader.read("object", List.of()));
    assertThatThrownBy(
            () ->
                AttackFiles.prepare(folder, attack, AttackReader.read("object", List.of(setting))))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("other settings: " + told);
  }

  /** Nor does it mind those of others. */
  @Test
  void anAttackIsNotAskedForTheSettingsOfOthers() {
    AttackFiles.prepare(folder, AttackName.PROBE, AttackReader.read("object", List.of()));
    AttackSettings others = AttackReader.read("object", List.of("p4d.steps=2"));
    assertThatCode(() -> AttackFiles.prepare(folder, AttackName.PROBE, others))
        .doesNotThrowAnyException();
  }
}
