package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.CrossAttention;
import org.realera.concept.Concept;
import org.realera.config.AlignmentSettings;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.UNet;
import org.realera.diffusion.UNet.LossGradients;
import org.realera.method.LossTerms.Term;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.tensor.NativeFloats;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;
import org.realera.training.AdamW;
import org.realera.training.Training;

/**
 * One step of the alignment, against the gradients of all its terms at once. AdamW's first moment
 * after one step is a tenth of the gradient.
 */
class NoiseAlignmentTest {
  private static final double DECAY1 = 0.9;

  @TempDir private Path state;
  private Model model;
  private NDManager scope;
  private List<Concept> concepts;
  private Edits closedForm;

  @BeforeEach
  void open() {
    model =
        new Model(
            Checkpoint.open(Path.of("src/test/resources/golden/tiny-sd")),
            Engine.compute("cpu", "fp32"));
    scope = NDManager.newBaseManager(Device.cpu());
    try (TextModel text = model.loadText()) {
      concepts =
          Concept.embed(
              List.of(new ConceptPair("house", "city")), List.of("a photo of the {}"), text, scope);
    }
    Map<String, NDArray> twice = new TreeMap<>();
    for (String module : CrossAttention.projections(model.unetWeights())) {
      NDArray w = model.unetWeights().read(module + Edits.WEIGHT, scope);
      twice.put(module + Edits.WEIGHT, w.mul(2));
    }
    closedForm = new Edits(twice, 1);
  }

  @AfterEach
  void close() {
    scope.close();
    model.close();
  }

  private static EraseRecipe recipe(int batch, double maxGradNorm, double weightDecay) {
    List<String> targets = List.of("attn2.to_k", "attn2.to_v");
    return EraseRecipe.DEFAULT.with(
        "alignment",
        new AlignmentSettings(
            true, 4, batch, 1e-2, weightDecay, 2, 3, targets, 0.3, 0.7, 2, 2, 3, maxGradNorm, 9));
  }

  /** z_0 of two images. */
  private List<NDArray> latents(int size) {
    return List.of(new Noise(3).normal(scope, new Shape(2, 4, size, size)));
  }

  private NoiseAlignment alignment(EraseRecipe recipe, List<NDArray> latents) {
    return new NoiseAlignment(model, closedForm, concepts, latents, recipe);
  }

  /** Loss and gradients of a step, its terms all at once. */
  private LossGradients expected(
      int step, EraseRecipe recipe, List<NDArray> latents, Training training) {
    DdimScheduler scheduler = DdimScheduler.of(model.checkpoint().schedulerConfig());
    List<Term> terms = new LossTerms(concepts, latents, scheduler, recipe).draw(step, scope);
    NDArray noised = stack(terms, Term::latents);
    NDArray timesteps = stack(terms, t -> scope.create((float) t.timestep()));
    NDArray wanted =
        model.unet().predict(scope, noised, timesteps, stack(terms, Term::target), Edits.NONE);
    double[] weights = terms.stream().mapToDouble(Term::weight).toArray();
    Edits edits = training.trained().edits(closedForm, scope);
    return model
        .unet()
        .noiseGradients(
            scope,
            new UNet.Input(noised, timesteps, stack(terms, Term::text)),
            wanted,
            weights,
            edits,
            training.trained().parameters().keySet(),
            false);
  }

  private static NDArray stack(List<Term> terms, Function<Term, NDArray> part) {
    return NDArrays.stack(new NDList(terms.stream().map(part).toList()));
  }

  private static void assertGradients(Training training, LossGradients expected) {
    expected
        .gradients()
        .forEach(
            (name, gradient) -> {
              float[] wanted = gradient.toFloatArray();
              float[] found = training.optimizer().firstMoments().get(name).toArray();
              double size = 0;
              double apart = 0;
              for (int i = 0; i < wanted.length; i++) {
                size = Math.hypot(size, wanted[i]);
                apart = Math.hypot(apart, found[i] / (1 - DECAY1) - wanted[i]);
              }
              assertThat(apart).as(name).isLessThanOrEqualTo(1e-4 * size);
            });
    assertThat(expected.gradients().values()).anyMatch(gradient -> gradient.norm().getFloat() > 0);
  }

  private void assertStepIsThatOfAllTermsTogether(int step, int batch, int size) {
    EraseRecipe recipe = recipe(batch, 0, 0.01);
    List<NDArray> latents = latents(size);
    NoiseAlignment alignment = alignment(recipe, latents);
    Training training = alignment.begin(new RecordingRun(state));
    LossGradients expected = expected(step, recipe, latents, training);
    double loss = training.step(alignment.gradients(step, training.trained()));
    assertThat(loss).isPositive().isCloseTo(expected.loss(), within(1e-4 * expected.loss()));
    assertThat(training.losses()).containsExactly(loss);
    assertGradients(training, expected);
  }

  @Test
  void aStepFollowsTheGradientOfItsTerms() {
    assertStepIsThatOfAllTermsTogether(1, 3, 8);
    assertStepIsThatOfAllTermsTogether(2, 2, 8);
  }

  /** 48 x 48 latents go through the network one by one on a CPU. */
  @Test
  void termsThatDoNotFitTogetherAddUp() {
    assertStepIsThatOfAllTermsTogether(2, 2, 48);
  }

  @Test
  void gradientsAreClippedTogether() {
    List<NDArray> latents = latents(8);
    NoiseAlignment alignment = alignment(recipe(1, 1e-5, 0.01), latents);
    Training training = alignment.begin(new RecordingRun(state));
    training.step(alignment.gradients(1, training.trained()));
    double squares = 0;
    for (NativeFloats moment : training.optimizer().firstMoments().values()) {
      for (float m : moment.toArray()) {
        squares += m * m / (1 - DECAY1) / (1 - DECAY1);
      }
    }
    assertThat(Math.sqrt(squares)).isCloseTo(1e-5, within(2e-6));
  }

  /** Where there is no gradient yet, that of A at the first step, only the decay moves. */
  @Test
  void theRecipesWeightDecayShrinksTheAdapters() {
    for (double decay : new double[] {0, 0.5}) {
      NoiseAlignment alignment = alignment(recipe(1, 0, decay), latents(8));
      Training training = alignment.begin(new RecordingRun(state));
      Map<String, float[]> before = new TreeMap<>();
      training.trained().parameters().forEach((name, p) -> before.put(name, p.toArray()));
      training.step(alignment.gradients(1, training.trained()));
      training
          .trained()
          .parameters()
          .forEach(
              (name, p) -> {
                if (name.endsWith(Edits.LORA_A)) {
                  assertThat(p.toArray()[5])
                      .isCloseTo((float) (before.get(name)[5] * (1 - 1e-2 * decay)), within(1e-6f));
                }
              });
    }
    assertThat(AdamW.Settings.of(1, 1).beta1()).isEqualTo(DECAY1);
  }
}
