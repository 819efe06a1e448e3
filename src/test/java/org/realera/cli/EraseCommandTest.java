package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.cli.EraseLine.recipe;
import static org.realera.cli.EraseLine.request;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.erase.EraseRequest;
import org.realera.tensor.ComputeChoice;

/** What a command line makes of recipe, model and device. */
class EraseCommandTest {
  @TempDir private Path folder;

  @Test
  void aConceptAndItsAnchorAreErasedByTheStandardRecipe() {
    EraseRequest request = request("erase", "--model", "/m", "-c", "airplane", "-a", "sky");
    assertThat(request.recipe())
        .isEqualTo(
            EraseRecipe.DEFAULT.with("concepts", List.of(new ConceptPair("airplane", "sky"))));
    assertThat(request.out()).isEqualTo(Path.of("out/no-airplane"));
    assertThat(request.compute()).isEqualTo(ComputeChoice.of("auto", "auto"));
    assertThat(request.force()).isFalse();
    assertThat(request.resume()).isFalse();
  }

  @Test
  void gradientCheckpointingGoesWithDeviceAndType() {
    EraseRequest request =
        request(
            "erase",
            "--model",
            "/m",
            "-c",
            "cat=dog",
            "--dtype",
            "bf16",
            "--gradient-checkpointing");
    assertThat(request.compute())
        .isEqualTo(ComputeChoice.of("auto", "bf16").gradientCheckpointing(true));
  }

  @Test
  void aModelsCardNamesItsRecipeUnlessTheUserDoes() throws IOException {
    Files.writeString(folder.resolve("card.json"), "{\"recipe\": \"pocket\", \"data\": []}");
    String model = folder.toString();
    var pair = List.of(new ConceptPair("cat", "dog"));
    assertThat(recipe("erase", "--model", model, "-c", "cat", "-a", "dog"))
        .isEqualTo(Recipes.builtIn("pocket").with("concepts", pair));
    assertThat(recipe("erase", "--model", model, "-c", "cat=dog", "--config", "style"))
        .isEqualTo(Recipes.builtIn("style").with("concepts", pair));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"steps\": 0}",
        "{\"steps\": 2147483647}",
        "{\"steps\": 2147483648}",
        "{\"steps\": \"50\"}",
        "{\"steps\": null}",
        "{\"steps\": 2.5}",
        "{\"guidance\": 1e999}",
        "{\"guidance\": -1}"
      })
  void aDamagedCardIsAnError(String card) throws IOException {
    Files.writeString(folder.resolve("card.json"), card);
    CommandRun run = CommandRun.of("erase", "--model", folder.toString(), "-c", "cat=dog");
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.err()).contains("card.json");
  }

  @Test
  void everyBuiltInRecipeIsInTheJar() {
    for (String name : Recipes.NAMES) {
      assertThat(Recipes.builtIn(name))
          .isEqualTo(RecipeReader.read(Path.of("configs/erase", name + ".yaml")));
    }
  }

  @Test
  void theCommandLineWinsOverTheRecipeFile() throws IOException {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(
        file, "concepts: [{concept: cat, anchor: dog}]\npreserve: [horse]\nseed: 5\n");
    assertThat(recipe("erase", "--config", file.toString()).seed()).isEqualTo(5);
    EraseRecipe recipe =
        recipe(
            "erase", "--config", file.toString(), "--seed", "7", "--preserve", "ship", "-a", "sky");
    assertThat(recipe.seed()).isEqualTo(7);
    assertThat(recipe.preserve()).containsExactly("horse", "ship");
    assertThat(recipe.concepts()).containsExactly(new ConceptPair("cat", "sky"));
  }

  @Test
  void switchesTurnPartsOfTheMethodOff() {
    EraseRecipe recipe =
        recipe("erase", "-c", "cat=dog", "--no-mining", "--no-beyond", "--no-alignment", "--paper");
    assertThat(recipe.mining().enabled()).isFalse();
    assertThat(recipe.beyond().enabled()).isFalse();
    assertThat(recipe.alignment().enabled()).isFalse();
    assertThat(recipe.closedForm().prefixWeight()).isZero();
    assertThat(recipe.closedForm().priorWeight()).isZero();
  }

  @Test
  void theEnvironmentNamesModelAndDeviceUnlessOptionsDo() {
    var env = Map.of("REALERA_MODEL", "/models/mine", "REALERA_DEVICE", "cuda:1");
    assertThat(request(env, "erase", "-c", "cat=dog").model().name()).isEqualTo("/models/mine");
    assertThat(request(env, "erase", "-c", "cat=dog").compute().device()).isEqualTo("cuda:1");
    assertThat(request(env, "erase", "-c", "cat=dog", "-m", "pocket").model().name())
        .isEqualTo("pocket");
    assertThat(request(env, "erase", "-c", "cat=dog", "--device", "CPU").compute().device())
        .isEqualTo("cpu");
  }

  @Test
  void theModelIsStableDiffusionUnlessNamed() {
    CommandRun run = CommandRun.of("erase", "-c", "cat=dog");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("'sd-v1-4'");
  }
}
