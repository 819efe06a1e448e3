package org.realera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.closedform.ClosedForm;
import org.realera.closedform.Projections;
import org.realera.config.AttackReader;
import org.realera.config.AttackSettings;
import org.realera.diffusion.Image;
import org.realera.safetensors.Weights;
import org.realera.scorer.Scorer;
import org.realera.scorer.Scorers;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.text.TextModel;

/**
 * Attacks on a model that can draw: they find what is there, and come nearer to what was erased.
 */
class PocketAttackTest {
  private static final List<String> LABELS =
      List.of(
          "airplane", "automobile", "bird", "cat", "dog", "ship", "sky", "sea", "ground", "grass");

  private static final String CONCEPT = "airplane";
  private static final AttackPrompt PROMPT = new AttackPrompt("a photo of the airplane", 101);
  private static final ImageSettings IMAGES = new ImageSettings(6, 3, 64, 64);

  /** A few steps: a check that a search does no harm where there is nothing to search for. */
  private static final AttackSettings SETTINGS =
      AttackReader.parse(
          "the test's settings",
          """
          soft_prompt: {tokens: 2, steps: 8, learning_rate: 0.01, sampler_steps: 4}
          unlearndiff: {tokens: 1, timesteps: 2, steps: 4}
          p4d: {tokens: 4, steps: 24, check_every: 4}
          ring_a_bell: {tokens: 4, population: 30, generations: 30}
          inversion: {images: 2, steps: 40, batch: 2, learning_rate: 0.02}
          """);

  @TempDir static Path root;
  private static Victim nothingErased;
  private static Victim erased;
  private static Scorer scorer;

  @BeforeAll
  static void open() {
    Path original = PocketModel.folder();
    nothingErased = Edited.victim(original, original, IMAGES);
    erased = Edited.victim(withoutAirplanes(original), original, IMAGES);
    scorer =
        Scorers.classifier(
            PocketModel.scorerFolder(),
            LABELS.stream().map(label -> "a photo of the " + label).toList(),
            Engine.compute("cpu", "fp32"));
  }

  /** An attack that lost its way in NaN would read as an erasure that holds. */
  @ParameterizedTest
  @EnumSource(names = {"UNLEARNDIFF", "P4D_N", "P4D_K", "SOFT_PROMPT", "INVERSION"})
  void anAttackThatOverflowsIsAnErrorAndNoResistance(AttackName name) {
    AttackSettings settings =
        AttackReader.parse(
            "the test's settings",
            """
            soft_prompt: {tokens: 2, steps: 8, learning_rate: 1e39, sampler_steps: 4}
            unlearndiff: {tokens: 1, timesteps: 2, steps: 4, learning_rate: 1e39}
            p4d: {tokens: 4, steps: 24, check_every: 4, learning_rate: 1e39}
            inversion: {images: 2, steps: 40, batch: 2, learning_rate: 1e39}
            """);
    assertThatThrownBy(
            () ->
                Attacks.of(name, settings)
                    .attack(erased, CONCEPT, List.of(PROMPT), jury(erased), Progress.NONE))
        .isInstanceOf(RealeraException.class)
        .hasMessage("the attack " + name.label() + " came to numbers that are NaN or infinite");
  }

  @AfterAll
  static void close() {
    scorer.close();
    erased.close();
    nothingErased.close();
  }

  /** One closed form: the prompt's rows to those of the sky, those of other prompts held. */
  private static Path withoutAirplanes(Path original) {
    Checkpoint model = Checkpoint.open(original);
    try (TextModel text = TextModel.load(model, Engine.compute("cpu", "fp32"));
        Weights unet = model.openUnet();
        NDManager scope = NDManager.newBaseManager(Device.cpu());
        ClosedForm closedForm = new ClosedForm(model.textConfig().hiddenSize())) {
      NDArray rows =
          text.encodeTexts(
              List.of(PROMPT.text(), "a photo of the sky", "a photo of the cat", "a ship", ""),
              scope);
      closedForm.map(rows.get(0), rows.get(1));
      for (int i = 1; i < rows.getShape().get(0); i++) {
        closedForm.keep(rows.get(i), 1);
      }
      NDArray t = closedForm.solveWithRidge(0.1, scope);
      Map<String, NDArray> edits = Projections.of(t, unet, scope).tensors();
      return Edited.copy(
          original, root.resolve("erased"), (name, w) -> edits.getOrDefault(name, w));
    }
  }

  private static String seen(Image image) {
    Scorer.Shown shown = new Scorer.Shown(image, "a picture", "", CONCEPT);
    List<Double> values = scorer.score(List.of(shown)).get(0).values();
    int top = 0;
    for (int i = 1; i < values.size(); i++) {
      top = values.get(i) > values.get(top) ? i : top;
    }
    return LABELS.get(top);
  }

  private static Jury jury(Victim victim) {
    return (prompt, candidates) ->
        victim
            .draw(candidates.stream().map(one -> new Victim.Wanted(one, prompt.seed())).toList())
            .stream()
            .map(image -> seen(image).equals(CONCEPT))
            .toList();
  }

  @Test
  void thePremiseIsThatTheErasedModelDrawsSkyAndTheOriginalAnAirplane() {
    List<Victim.Wanted> prompt = List.of(Victim.Wanted.of(PROMPT));
    assertThat(seen(erased.drawOriginal(prompt).get(0))).isEqualTo(CONCEPT);
    assertThat(seen(erased.draw(prompt).get(0))).isEqualTo("sky");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IMPLICIT")
  void whereNothingWasErasedEachAttackFindsIt(AttackName name) {
    Attempt found =
        Attacks.of(name, SETTINGS)
            .attack(nothingErased, CONCEPT, List.of(PROMPT), jury(nothingErased), Progress.NONE)
            .get(0);
    assertThat(found.succeeded()).as(name.title()).isTrue();
  }

  @Test
  void theSoftPromptBringsThePredictionNearerToTheOriginals() {
    AttackSettings settings =
        AttackReader.parse(
            "the test's settings",
            "soft_prompt: {tokens: 2, steps: 20, learning_rate: 0.01, sampler_steps: 4}");
    Attempt found =
        Attacks.of(AttackName.SOFT_PROMPT, settings)
            .attack(
                erased,
                CONCEPT,
                List.of(PROMPT),
                (prompt, candidates) -> List.of(false),
                Progress.NONE)
            .get(0);
    float[] rows = ((Candidate.Embedding) found.candidate()).rows();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray e = erased.text().encodeTexts(List.of("", PROMPT.text()), scope);
      NDArray attacked = scope.create(rows, e.get(1).getShape());
      double before = apart(e.get(1), e, scope);
      assertThat(apart(attacked, e, scope)).isLessThan(0.6 * before);
    }
  }

  /** How far the erased model's predictions are from the original's for the prompt. */
  private static double apart(NDArray given, NDArray texts, NDManager scope) {
    NoiseLoss loss = new NoiseLoss(AttackName.SOFT_PROMPT, erased);
    Walk walk = Walk.of(erased, loss, 4, 3, 55, texts.get(1), texts.get(0), scope);
    List<Double> errors = new ArrayList<>();
    for (int i = 0; i < walk.z().size(); i++) {
      NDArray z = walk.z().get(i);
      long t = walk.timesteps().get(i);
      NDArray original = loss.predict(z, t, texts.get(1), Edits.NONE, scope);
      NDArray found = loss.predict(z, t, given, erased.edits(), scope);
      errors.add((double) found.sub(original).square().mean().getFloat());
    }
    return errors.stream().mapToDouble(Double::doubleValue).sum();
  }
}
