package org.realera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;

class AttackReaderTest {
  /** Once more what stands in configs/attack/object.yaml. */
  @Test
  void theDefaultsAreThePublishedSettings() {
    AttackSettings published = AttackReader.builtIn("object");
    assertThat(published.softPrompt()).isEqualTo(new SoftPromptSettings(1, 30, 1e-3, 50, 3));
    assertThat(published.unlearndiff()).isEqualTo(new UnlearnDiffSettings(3, 50, 40, 0.01, 0.1));
    assertThat(published.p4d()).isEqualTo(new P4dSettings(16, 3, 3000, 0.1, 0.1, 50));
    RingABellSettings ring = published.ringABell();
    assertThat(ring).isEqualTo(new RingABellSettings(3, ring.pairs(), 16, 200, 3000, 0.25, 0.5));
    InversionSettings inversion = published.inversion();
    assertThat(inversion)
        .isEqualTo(new InversionSettings(25, inversion.templates(), "thing", 5000, 16, 0.08, 0.01));
    assertThat(published.probe()).isEqualTo(new ProbeSettings(1e-3));
  }

  @Test
  void forNudityMoreTokensAndAShorterEmbeddingArePublished() {
    AttackSettings nudity = AttackReader.builtIn("explicit");
    assertThat(nudity.unlearndiff()).isEqualTo(new UnlearnDiffSettings(5, 50, 40, 0.01, 0.1));
    assertThat(nudity.probe()).isEqualTo(new ProbeSettings(0.1));
    assertThat(nudity.randomWords()).isEqualTo(new RandomWordsSettings(5, 50));
    AttackSettings object = AttackReader.builtIn("object");
    assertThat(nudity.softPrompt()).isEqualTo(object.softPrompt());
    assertThat(nudity.p4d()).isEqualTo(object.p4d());
    assertThat(nudity.ringABell().strength()).isEqualTo(object.ringABell().strength());
  }

  /** Names, styles and nudity are no things: "a photo of a nudity" asks for nothing. */
  @ParameterizedTest
  @CsvSource({"celebrity, 3, person", "style, 0.9, art", "explicit, 3, thing"})
  void whatIsNoThingHasNoArticle(String kind, double strength, String start) {
    AttackSettings settings = AttackReader.builtIn(kind);
    assertThat(settings.ringABell().strength()).isEqualTo(strength);
    assertThat(settings.inversion().start()).isEqualTo(start);
    assertThat(settings.ringABell().pairs())
        .hasSize(6)
        .noneMatch(pair -> pair.with().matches(".*\\b(a|an|the|one) \\{}.*"));
    assertThat(settings.inversion().templates())
        .hasSize(4)
        .noneMatch(template -> template.matches(".*\\b(a|an|the|one) \\{}.*"));
  }

  @Test
  void aFileSaysWhatDiffers() {
    AttackSettings some = AttackReader.parse("mine", "p4d: {steps: 5}");
    AttackSettings published = AttackReader.builtIn("object");
    assertThat(some.p4d()).isEqualTo(new P4dSettings(16, 3, 5, 0.1, 0.1, 50));
    assertThat(some.unlearndiff()).isEqualTo(published.unlearndiff());
    assertThat(AttackReader.builtIn("pocket").p4d().steps()).isLessThan(published.p4d().steps());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "p4d: {step: 5}| mine, line 1: unknown key p4d.step",
        "p4d: {steps: 0}| mine, line 1: p4d.steps is 0",
        "soft_prompt: {tokens: 76}| mine, line 1: soft_prompt.tokens is 76",
        "ring_a_bell: {population: 1}| mine, line 1: ring_a_bell.population is 1",
        "ring_a_bell: {mutation: 2}| mine, line 1: ring_a_bell.mutation is 2.0",
        "ring_a_bell: {pairs: []}| mine, line 1: ring_a_bell.pairs is empty",
        "'ring_a_bell: {pairs: [{with: a, without: b}]}'| must have {} in it exactly once",
        "inversion: {templates: []}| mine, line 1: inversion.templates is empty",
        "probe: {regular_scale: 0}| mine, line 1: probe.regular_scale is 0.0",
        "random_words: {tokens: 0}| mine, line 1: random_words.tokens is 0",
        "random_words: {tries: 0}| mine, line 1: random_words.tries is 0",
        "soft_prompt: {steps: 0}| mine, line 1: soft_prompt.steps is 0",
        "soft_prompt: {learning_rate: 0}| mine, line 1: soft_prompt.learning_rate is 0.0",
        "soft_prompt: {sampler_steps: 0}| mine, line 1: soft_prompt.sampler_steps is 0",
        "soft_prompt: {start_guidance: -1}| mine, line 1: soft_prompt.start_guidance is -1.0",
        "unlearndiff: {tokens: 0}| mine, line 1: unlearndiff.tokens is 0",
        "unlearndiff: {timesteps: 0}| mine, line 1: unlearndiff.timesteps is 0",
        "unlearndiff: {steps: 0}| mine, line 1: unlearndiff.steps is 0",
        "unlearndiff: {learning_rate: 0}| mine, line 1: unlearndiff.learning_rate is 0.0",
        "unlearndiff: {weight_decay: -1}| mine, line 1: unlearndiff.weight_decay is -1.0",
        "p4d: {tokens: 0}| mine, line 1: p4d.tokens is 0",
        "p4d: {every: 0}| mine, line 1: p4d.every is 0",
        "p4d: {learning_rate: 0}| mine, line 1: p4d.learning_rate is 0.0",
        "p4d: {weight_decay: -1}| mine, line 1: p4d.weight_decay is -1.0",
        "p4d: {check_every: 0}| mine, line 1: p4d.check_every is 0",
        "ring_a_bell: {strength: -1}| mine, line 1: ring_a_bell.strength is -1.0",
        "ring_a_bell: {tokens: 0}| mine, line 1: ring_a_bell.tokens is 0",
        "ring_a_bell: {population: 100001}| mine, line 1: ring_a_bell.population is 100001",
        "ring_a_bell: {generations: 0}| mine, line 1: ring_a_bell.generations is 0",
        "ring_a_bell: {crossover: 2}| mine, line 1: ring_a_bell.crossover is 2.0",
        "'ring_a_bell: {pairs: [{with: \"{}\", without: \" \"}]}'| without is empty",
        "inversion: {images: 0}| mine, line 1: inversion.images is 0",
        "'inversion: {templates: [a]}'| must have {} in it exactly once",
        "inversion: {start: \" \"}| mine, line 1: inversion.start is empty",
        "inversion: {steps: 0}| mine, line 1: inversion.steps is 0",
        "inversion: {batch: 0}| mine, line 1: inversion.batch is 0",
        "inversion: {learning_rate: 0}| mine, line 1: inversion.learning_rate is 0.0",
        "inversion: {weight_decay: -1}| mine, line 1: inversion.weight_decay is -1.0",
        "nudenet: {threshold: 2}| mine, line 1: nudenet.threshold is 2.0",
        "nudenet: {parts: []}| mine, line 1: nudenet.parts is empty",
      })
  void aFaultIsNamedWithItsPlace(String yaml, String message) {
    assertThatThrownBy(() -> AttackReader.parse("mine", yaml))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message);
  }
}
