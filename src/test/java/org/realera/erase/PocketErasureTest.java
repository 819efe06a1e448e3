package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.Pipeline;
import org.realera.scorer.clip.ClipScorer;
import org.realera.tensor.Compute;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/**
 * What an erasure is for: the pocket model forgets the airplane, and the biplane, which the recipe
 * never names, and still draws birds.
 */
class PocketErasureTest {
  private static final List<String> LABELS =
      List.of(
          "airplane",
          "automobile",
          "bird",
          "cat",
          "deer",
          "dog",
          "frog",
          "horse",
          "ship",
          "truck",
          "sky",
          "night sky",
          "sunset",
          "sea",
          "ground",
          "grass",
          "road",
          "snow",
          "desert",
          "forest",
          "plain background");

  private static final int IMAGES = 6;
  private static final int STEPS = 6;
  private static final double GUIDANCE = 3;

  @TempDir Path root;

  @Test
  void theAirplaneAndItsSubtypeAreGoneAndTheBirdStays() throws IOException {
    Path original = PocketModel.folder();
    Path out = root.resolve("erased");
    TinyRuns.run(
        new EraseRequest(
            new ModelRef("pocket", original),
            recipe(),
            out,
            ComputeChoice.of("cpu", "fp32"),
            false,
            false));
    List<Double> before = seen(original);
    List<Double> after = seen(out);
    if (Boolean.getBoolean("realera.show-errors")) {
      System.out.printf("airplane, biplane, bird: %s before, %s after%n", before, after);
    }
    // The premise: without an erasure all three are there.
    assertThat(before.get(0)).as("airplane, original").isGreaterThan(0.8);
    assertThat(before.get(1)).as("biplane, original").isGreaterThan(0.8);
    assertThat(before.get(2)).as("bird, original").isGreaterThan(0.8);
    assertThat(after.get(0)).as("airplane, erased").isLessThan(0.05);
    assertThat(after.get(1)).as("biplane, erased").isLessThan(0.05);
    assertThat(after.get(2)).as("bird, erased").isGreaterThan(before.get(2) - 0.15);
  }

  /** The pocket recipe as it is shipped, without alignment and with fewer prompts in the prior. */
  private static EraseRecipe recipe() {
    EraseRecipe recipe = RecipeReader.read(Path.of("configs/erase/pocket.yaml"));
    return recipe
        .with("concepts", List.of(new ConceptPair("airplane", "sky")))
        .with("closed_form.prior_prompts", 300)
        .with("alignment.enabled", false)
        .with("report.pictures", "never");
  }

  /** How much of an airplane is in images of airplane and biplane, of a bird in those of bird. */
  private static List<Double> seen(Path folder) {
    Compute compute = Engine.compute("cpu", "fp32");
    List<String> prompts = LABELS.stream().map(PocketErasureTest::prompt).toList();
    Checkpoint model = Checkpoint.open(folder);
    try (Pipeline pipeline = Pipeline.load(model, compute, note -> {});
        ClipScorer scorer = ClipScorer.load(PocketModel.scorerFolder(), prompts, compute)) {
      int size = Pipeline.nativeSize(model);
      return List.of(
          seen("airplane", "airplane", size, pipeline.sampler(), scorer),
          seen("biplane", "airplane", size, pipeline.sampler(), scorer),
          seen("bird", "bird", size, pipeline.sampler(), scorer));
    }
  }

  private static double seen(
      String word, String label, int size, ImageSampler sampler, ClipScorer scorer) {
    List<ImageRequest> requests = new ArrayList<>();
    for (int seed = 0; seed < IMAGES; seed++) {
      requests.add(new ImageRequest(prompt(word), "", seed, STEPS, GUIDANCE, size, size));
    }
    var images = sampler.sample(requests, Edits.NONE, done -> {});
    int at = LABELS.indexOf(label);
    return scorer.score(images).stream()
        .mapToDouble(scores -> probability(scores, at))
        .average()
        .orElseThrow();
  }

  /** The softmax over all labels. */
  private static double probability(List<Float> scores, int at) {
    double sum = scores.stream().mapToDouble(s -> Math.exp(s - scores.get(at))).sum();
    return 1 / sum;
  }

  private static String prompt(String word) {
    return "a photo of the " + word;
  }
}
