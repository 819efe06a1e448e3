package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.Stopped;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.files.Json;
import org.realera.golden.MethodCases;
import org.realera.method.Stage;
import org.realera.safetensors.SafetensorsFile;

/** What MACE and Forget-Me-Not do on the miniature, beside their numbers. */
class AttentionMethodsTest {
  @TempDir Path root;

  /** The settings of the parity cases, each step saved. */
  private static EraseRecipe recipe(String method) {
    ObjectNode base;
    try (MethodCases cases = MethodCases.open("rivals-attention")) {
      base = cases.method(method);
    }
    ObjectNode training = method.equals("mace") ? base.withObject("/lora") : base;
    training.put("checkpoint_every", 1);
    training.put("steps", 2);
    return RecipeReader.parse("a case", Json.text(base));
  }

  private static EraseRecipe twoConcepts(String method) {
    return recipe(method)
        .with(
            "concepts",
            List.of(
                java.util.Map.of("concept", "house", "anchor", "the city"),
                java.util.Map.of("concept", "game", "anchor", "the night")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mace", "fmn"})
  void aStoppedRunEndsInTheSameBytesWhenResumed(String method) throws IOException {
    EraseRecipe recipe = twoConcepts(method);
    TinyRuns.run(root, recipe, "straight");
    var expected = TinyModel.contents(root.resolve("straight"));
    for (int last : new int[] {1, 3}) {
      Path out = root.resolve("stopped" + last);
      EraseRequest request = TinyModel.request(recipe, out);
      Stopped e =
          catchThrowableOfType(
              Stopped.class,
              () -> Erasure.run(request, new StopAt(Stage.TRAINING, last), TinyRuns.CACHE));
      assertThat(e).hasMessageContaining("is saved");
      TinyRuns.run(
          new EraseRequest(
              request.model(), recipe, out, request.compute(), /* resume= */ true, false));
      assertThat(TinyModel.contents(out)).as("stopped after " + last).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mace", "fmn"})
  void attentionToTheConceptFalls(String method) throws IOException {
    String steps = method.equals("mace") ? "lora.steps" : "steps";
    EraseRecipe recipe = recipe(method).with(steps, 16);
    JsonNode manifest = TinyRuns.run(root, recipe, "out");
    double[] losses =
        StreamSupport.stream(manifest.path("losses").spliterator(), false)
            .mapToDouble(JsonNode::asDouble)
            .toArray();
    assertThat(losses).hasSize(16);
    double first = Arrays.stream(losses, 0, 4).sum();
    assertThat(Arrays.stream(losses, 12, 16).sum()).isLessThan(0.5 * first);
  }

  @Test
  void aHugeLambdaKeepsTheWeights() throws IOException {
    EraseRecipe recipe = recipe("mace").with("refinement.lambda", 1e12).with("lora.enabled", false);
    TinyRuns.run(root, recipe, "out");
    try (SafetensorsFile before = SafetensorsFile.open(TinyModel.FOLDER.resolve(TinyRuns.UNET));
        SafetensorsFile after = SafetensorsFile.open(root.resolve("out").resolve(TinyRuns.UNET));
        NDManager scope = NDManager.newBaseManager()) {
      for (String name : before.tensors().keySet()) {
        NDArray w = before.read(name, scope);
        assertThat(w.sub(after.read(name, scope)).norm().getFloat())
            .isLessThan(1e-6f * (1 + w.norm().getFloat()));
      }
    }
  }

  @Test
  void whatMaceCanNotHoldIsRefused() throws IOException {
    EraseRecipe recipe = recipe("mace").with("preserve", List.of("family"));
    RealeraException e = refused(recipe);
    assertThat(e.kind()).isEqualTo(Kind.USAGE);
    assertThat(e).hasMessageContaining("\"family\"").hasMessageContaining("hold.weight");
    RealeraException late = refused(recipe("mace").with("masks.timestep", 1000));
    assertThat(late).hasMessageContaining("masks.timestep is 1000");
  }

  private RealeraException refused(EraseRecipe recipe) {
    Path out = root.resolve("refused");
    RealeraException e =
        catchThrowableOfType(
            RealeraException.class, () -> TinyRuns.run(TinyModel.request(recipe, out)));
    assertThat(out).doesNotExist();
    assertThat(root.resolve("refused.state")).doesNotExist();
    return e;
  }

  private static RealeraException resumed(EraseRecipe recipe, Path out) {
    EraseRequest request = TinyModel.request(recipe, out);
    return catchThrowableOfType(
        RealeraException.class,
        () ->
            TinyRuns.run(
                new EraseRequest(request.model(), recipe, out, request.compute(), true, false)));
  }

  private static void mask(Path folder, int image, int size, boolean marks) throws IOException {
    byte[] rgb = new byte[3 * size * size];
    if (marks) {
      Arrays.fill(rgb, 0, rgb.length / 2, (byte) 255);
    }
    Files.createDirectories(folder);
    Files.write(
        folder.resolve("house-" + image + ".png"),
        PngWriter.encode(new Image(size, size, rgb), java.util.Map.of()));
  }

  @Test
  void masksOfTheUserAreTakenAndBadOnesAreOneLine() throws Exception {
    Path folder = root.resolve("masks");
    EraseRecipe recipe = recipe("mace").with("masks.source", folder.toString());
    RealeraException nowhere = refused(recipe);
    assertThat(nowhere.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(nowhere).hasMessage("there is no folder of masks " + folder);
    Files.createDirectory(folder);
    RealeraException missing = refused(recipe);
    assertThat(missing.kind()).isEqualTo(Kind.USAGE);
    assertThat(missing).hasMessageContaining("house-1.png");
    assertThat(missing.remedy()).contains("--seed").contains("a photo of the house");
    for (int i = 1; i <= 3; i++) {
      mask(folder, i, 16, true);
    }
    JsonNode manifest = TinyRuns.run(root, recipe, "out");
    assertThat(manifest.at("/results/masks/shares/0").asDouble()).isEqualTo(0.5);
    assertThat(manifest.at("/results/masks/sha256").asText()).hasSize(64);
    String before = manifest.at("/files/masks").asText();
    assertThat(before).isEqualTo(manifest.at("/results/masks/sha256").asText());
    mask(folder, 2, 16, false);
    assertThat(resumed(recipe, root.resolve("out")))
        .hasMessageContaining("is complete, with other settings: files.masks: \"" + before);
    mask(folder, 2, 8, true);
    assertThat(refused(recipe).kind()).isEqualTo(Kind.USAGE);
    assertThat(refused(recipe)).hasMessageContaining("is 8 x 8, but its picture 16 x 16");
    mask(folder, 2, 16, false);
    assertThat(refused(recipe)).hasMessageContaining("marks nothing");
    Files.writeString(folder.resolve("house-2.png"), "no picture");
    assertThat(refused(recipe).kind()).isEqualTo(Kind.DAMAGED);
    Files.delete(folder.resolve("house-2.png"));
    Files.createDirectory(folder.resolve("house-2.png"));
    assertThat(refused(recipe).kind()).isEqualTo(Kind.DAMAGED);
    assertThat(refused(recipe)).hasMessageContaining("house-2.png is a folder, expected a file");
    Files.delete(folder.resolve("house-2.png"));
    // Nobody would ever write to it.
    new ProcessBuilder("mkfifo", folder.resolve("house-2.png").toString()).start().waitFor();
    assertThat(assertTimeoutPreemptively(Duration.ofMinutes(2), () -> refused(recipe)))
        .hasMessageContaining("house-2.png is a pipe or a device");
  }
}
