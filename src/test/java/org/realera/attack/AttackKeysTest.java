package org.realera.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.Progress;
import org.realera.config.AttackReader;
import org.realera.config.AttackSettings;
import org.realera.config.NudityJudge;
import org.realera.golden.Golden;

/**
 * That no setting of an attack is ignored: each is changed by itself, and something else is tried.
 * What it is is the matter of other tests.
 */
class AttackKeysTest {
  private static final String SETTINGS =
      """
      random_words: {tokens: 3, tries: 3}
      soft_prompt: {tokens: 1, steps: 2, learning_rate: 0.01, sampler_steps: 2, start_guidance: 3}
      unlearndiff: {tokens: 3, timesteps: 2, steps: 2, learning_rate: 0.1, weight_decay: 0.1}
      p4d: {tokens: 4, every: 3, steps: 4, learning_rate: 10, weight_decay: 0.1, check_every: 4}
      ring_a_bell:
        strength: 3
        pairs: [{with: "a photo of the {}", without: "a photo"}]
        tokens: 4
        population: 8
        generations: 4
        mutation: 0.25
        crossover: 0.5
      inversion:
        images: 2
        templates: ["a photo of the {}", "a picture of a {}"]
        start: thing
        steps: 2
        batch: 2
        learning_rate: 0.1
        weight_decay: 0.01
      probe: {regular_scale: 0.1}
      """;

  private static final List<String> GROUPS =
      List.of(
          "random_words", "soft_prompt", "unlearndiff", "p4d", "ring_a_bell", "inversion", "probe");

  /** An attack, and what is changed for it. */
  private static final List<String> EACH =
      List.of(
          "RANDOM_WORDS random_words.tokens=2",
          "RANDOM_WORDS random_words.tries=2",
          "SOFT_PROMPT soft_prompt.tokens=2",
          "SOFT_PROMPT soft_prompt.steps=1",
          "SOFT_PROMPT soft_prompt.learning_rate=0.02",
          "SOFT_PROMPT soft_prompt.sampler_steps=3",
          "SOFT_PROMPT soft_prompt.start_guidance=1.5",
          "UNLEARNDIFF unlearndiff.tokens=2",
          "UNLEARNDIFF unlearndiff.timesteps=3",
          "UNLEARNDIFF unlearndiff.steps=1",
          "UNLEARNDIFF unlearndiff.learning_rate=0.2",
          "UNLEARNDIFF unlearndiff.weight_decay=0.5",
          "P4D_N p4d.tokens=3",
          "P4D_N p4d.steps=3",
          "P4D_N p4d.learning_rate=20",
          "P4D_N p4d.weight_decay=0",
          "P4D_N p4d.check_every=2",
          "P4D_K p4d.every=2",
          "P4D_K p4d.steps=3",
          "RING_A_BELL ring_a_bell.strength=5",
          "RING_A_BELL ring_a_bell.pairs=[{with: \"one {}\", without: \"nothing\"}]",
          "RING_A_BELL ring_a_bell.tokens=3",
          "RING_A_BELL ring_a_bell.population=6",
          "RING_A_BELL ring_a_bell.generations=3",
          "RING_A_BELL ring_a_bell.mutation=0.9",
          "RING_A_BELL ring_a_bell.crossover=1",
          "RING_A_BELL_DIRECTION ring_a_bell.strength=5",
          "RING_A_BELL_DIRECTION ring_a_bell.pairs=[{with: \"one {}\", without: \"nothing\"}]",
          "INVERSION inversion.images=1",
          "INVERSION inversion.templates=[\"a photo of the {}\"]",
          "INVERSION inversion.start=city",
          "INVERSION inversion.steps=1",
          "INVERSION inversion.batch=1",
          "INVERSION inversion.learning_rate=0.2",
          "INVERSION inversion.weight_decay=0.5",
          "PROBE probe.regular_scale=0.2");

  private static final Map<AttackName, List<String>> PLAIN = new EnumMap<>(AttackName.class);

  @TempDir static Path root;
  private static Victim victim;
  private static Path file;

  @BeforeAll
  static void open() throws IOException {
    file = Files.writeString(root.resolve("attacks.yaml"), SETTINGS);
    Path tiny = Golden.path("tiny-sd");
    Path erased = Edited.copy(tiny, root.resolve("erased"), Edited::asInTheReference);
    victim = Edited.victim(erased, tiny, new ImageSettings(2, 3, 16, 16));
  }

  @AfterAll
  static void close() {
    victim.close();
    PLAIN.clear();
  }

  /** Everything that is shown to the jury, which never sees the concept, and what comes of it. */
  private static List<String> tried(AttackName name, String... settings) {
    AttackSettings read = AttackReader.read(file.toString(), List.of(settings));
    List<String> seen = new ArrayList<>();
    Jury never =
        (prompt, candidates) -> {
          candidates.forEach(one -> seen.add(text(one)));
          return candidates.stream().map(one -> false).toList();
        };
    AttackPrompt prompt = new AttackPrompt("a photo of the cat", 3);
    Attempt attempt =
        Attacks.of(name, read).attack(victim, "cat", List.of(prompt), never, Progress.NONE).get(0);
    seen.add(text(attempt.candidate()) + " " + attempt.loss());
    return seen;
  }

  private static String text(Candidate candidate) {
    return candidate instanceof Candidate.Embedding embedding
        ? Arrays.toString(embedding.rows())
        : candidate.toString();
  }

  static List<String> settings() {
    return EACH;
  }

  @ParameterizedTest
  @MethodSource("settings")
  void eachSettingHasItsPart(String line) {
    AttackName name = AttackName.valueOf(line.substring(0, line.indexOf(' ')));
    List<String> plain = PLAIN.computeIfAbsent(name, AttackKeysTest::tried);
    assertThat(tried(name, line.substring(line.indexOf(' ') + 1))).isNotEqualTo(plain);
  }

  /** So that a new setting is not without a test. */
  @Test
  void everySettingIsTried() {
    AttackSettings settings = AttackReader.builtIn("object");
    Set<String> known = new TreeSet<>();
    for (String group : GROUPS) {
      AttackReader.own(group, settings)
          .fieldNames()
          .forEachRemaining(k -> known.add(group + "." + k));
    }
    // One group is the judge's, whose keys JudgeTest tries.
    assertThat(AttackSettings.class.getRecordComponents())
        .hasSize(GROUPS.size() + 1)
        .extracting(RecordComponent::getType)
        .contains(NudityJudge.class);
    assertThat(EACH.stream().map(line -> line.substring(line.indexOf(' ') + 1, line.indexOf('='))))
        .containsAll(known);
  }
}
