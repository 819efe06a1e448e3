package org.realera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.config.AttackReader;
import org.realera.config.AttackSettings;
import org.realera.golden.Golden;
import org.realera.text.TextModel;

/**
 * Gradients at token rows and a few steps of every attack against torch: both follow
 * scripts/golden/attacks.py, which made the expected values and says what the model is.
 */
class AttacksParityTest {
  private static final AttackPrompt PROMPT = new AttackPrompt("a photo of the cat", 7);

  /** As the reference's. */
  private static final AttackSettings SETTINGS =
      AttackReader.parse(
          "the test's settings",
          """
          soft_prompt: {tokens: 2, steps: 4, learning_rate: 0.01, sampler_steps: 5}
          unlearndiff: {timesteps: 2, steps: 2}
          p4d: {tokens: 6, steps: 4}
          ring_a_bell:
            pairs:
              - {with: "a photo of the {}", without: "a photo"}
              - {with: "one {} and nothing else", without: "nothing else"}
            tokens: 5
            population: 10
            generations: 6
          inversion:
            images: 3
            templates: ["a photo of the {}", "a picture of a {}"]
            steps: 4
            batch: 2
            learning_rate: 0.02
          probe: {regular_scale: 0.1}
          """);

  private static final Jury NEVER =
      (prompt, candidates) -> candidates.stream().map(c -> false).toList();

  private static Golden golden;
  private static Victim tiny;
  @TempDir static Path root;

  @BeforeAll
  static void open() {
    golden = Golden.open("attacks.safetensors");
    tiny = victim("tiny-sd", Golden.path("tiny-sd"));
  }

  @AfterAll
  static void close() {
    tiny.close();
    golden.close();
  }

  private static Victim victim(String name, Path original) {
    Path erased = Edited.copy(original, root.resolve(name), Edited::asInTheReference);
    return Edited.victim(erased, original, new ImageSettings(4, 3, 16, 16));
  }

  private static Attempt attempt(AttackName name) {
    return Attacks.of(name, SETTINGS)
        .attack(tiny, "cat", List.of(PROMPT), NEVER, Progress.NONE)
        .get(0);
  }

  private static NDArray rows(Attempt attempt, String like) {
    float[] rows = ((Candidate.Embedding) attempt.candidate()).rows();
    return golden.scope().create(rows, golden.get(like).getShape());
  }

  private static void assertLoss(Attempt attempt, String name) {
    double expected = golden.get(name).getFloat();
    assertThat(attempt.loss()).isCloseTo(expected, within(1e-4 * expected));
  }

  private static void assertWords(Attempt attempt, String name) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    for (String line : Files.readAllLines(Golden.path("attacks.txt"))) {
      texts.put(line.substring(0, line.indexOf(": ")), line.substring(line.indexOf(": ") + 2));
    }
    Candidate.Words found = (Candidate.Words) attempt.candidate();
    assertThat(found.prompt()).isEqualTo(texts.get(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2", "pocket"})
  void gradientsAtTokenRowsAreAutogradsThroughTextEncoderAndUNet(String name) {
    Path original = name.equals("pocket") ? PocketModel.folder() : Golden.path(name);
    try (Victim victim = victim("gradients-" + name, original)) {
      NDArray rows = golden.get(name + ".rows");
      NDArray e = victim.text().encodeRows(rows.expandDims(0), golden.scope()).get(0);
      golden.assertClose(name + ".e", e, 1e-5);
      List<NoiseLoss.Point> points = new ArrayList<>();
      long[] t = golden.get(name + ".t").toLongArray();
      for (int i = 0; i < t.length; i++) {
        NDArray z = golden.get(name + ".z").get(i);
        points.add(new NoiseLoss.Point(z, t[i], golden.get(name + ".y").get(i)));
      }
      NoiseLoss.Slope slope =
          new NoiseLoss(AttackName.SOFT_PROMPT, victim).at(rows.toFloatArray(), points);
      double loss = golden.get(name + ".loss").getFloat();
      assertThat(slope.loss()).isCloseTo(loss, within(1e-5 * loss));
      NDArray gradient = golden.scope().create(slope.gradient(), rows.getShape());
      golden.assertClose(name + ".gradient", gradient, 1e-5);
    }
  }

  @Test
  void theSoftPromptMovesAsInTheReference() {
    Attempt found = attempt(AttackName.SOFT_PROMPT);
    assertLoss(found, "soft_prompt.loss");
    golden.assertClose("soft_prompt.e", rows(found, "soft_prompt.e"), 1e-4);
    assertThat(found.steps()).isEqualTo(4);
  }

  /** The reference's variables after each of its steps, from its slopes times some numbers. */
  private static void assertClimbs(String after, float... scales) {
    try (TokenTable table = new TokenTable(tiny.text())) {
      float[] u = UnlearnDiff.Variables.start(3, table);
      UnlearnDiff.Variables variables = new UnlearnDiff.Variables(u, table, SETTINGS.unlearndiff());
      NDArray slopes = golden.get("unlearndiff.slopes");
      NDArray expected = golden.get(after);
      for (int i = 0; i < slopes.getShape().get(0); i++) {
        variables.step(slopes.get(i).mul(scales[i]).toFloatArray());
        NDArray now = golden.scope().create(u, expected.get(i).getShape());
        assertThat(Golden.relativeError(now, expected.get(i))).isLessThan(1e-4);
      }
    }
  }

  @Test
  void unlearnDiffAtkMovesAsInTheReference() throws IOException {
    assertClimbs("unlearndiff.u", 1, 1, 1, 1);
    assertClimbs("unlearndiff.steep", 1e4f, 1, 1e3f, 1);
    Attempt found = attempt(AttackName.UNLEARNDIFF);
    assertLoss(found, "unlearndiff.loss");
    assertWords(found, "unlearndiff");
    assertThat(found.steps()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"p4d-n", "p4d-k"})
  void prompting4DebuggingMovesAsInTheReference(String name) throws IOException {
    Attempt found = attempt(name.equals("p4d-n") ? AttackName.P4D_N : AttackName.P4D_K);
    assertLoss(found, name + ".loss");
    assertWords(found, name);
  }

  @Test
  void theInvertedTokenMovesAsInTheReference() {
    Attempt found = attempt(AttackName.INVERSION);
    assertLoss(found, "inversion.loss");
    golden.assertClose("inversion.e", rows(found, "inversion.e"), 1e-4);
  }

  @Test
  void ringABellFindsTheReferencesTokens() throws IOException {
    Attempt direction = attempt(AttackName.RING_A_BELL_DIRECTION);
    golden.assertClose("ring_a_bell.target", rows(direction, "ring_a_bell.target"), 1e-5);
    Attempt found = attempt(AttackName.RING_A_BELL);
    assertLoss(found, "ring_a_bell.distance");
    assertWords(found, "ring-a-bell");
  }

  @Test
  void theProbeIsTheReferences() {
    golden.assertClose("probe.e", rows(attempt(AttackName.PROBE), "probe.e"), 1e-6);
  }

  @Test
  void textsAreWrittenAsTransformersDecodesThem() {
    TextModel text = tiny.text();
    String words = "a photo of the cat 's hat, 12 caf\u00e9s";
    assertThat(text.tokenizer().text(text.tokenizer().ids(words)))
        .isEqualTo("a photo of the cat 's hat , 1 2 caf\u00e9s");
  }
}
