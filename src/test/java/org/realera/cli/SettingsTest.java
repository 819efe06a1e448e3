package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.cli.EraseLine.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;

/** {@code --set} on the command line. */
class SettingsTest {
  @TempDir private Path folder;

  @Test
  void aSettingWinsOverTheRecipeFileAndLosesToAnOptionOfItsOwn() throws IOException {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(file, "seed: 5\nmining: {d1: 0.5}\nbeyond: {samples: 9}\n");
    EraseRecipe recipe =
        recipe(
            "erase",
            "-c",
            "cat=dog",
            "--config",
            file.toString(),
            "--no-alignment",
            "--paper",
            "--seed",
            "7",
            "--set",
            "seed=6",
            "--set=mining.d1=0.6",
            "--set",
            "alignment.enabled=true",
            "--set",
            "closed_form.prior_weight=2",
            "--set",
            "closed_form.mu=0.2",
            "--set",
            "concepts=[{concept: ship, anchor: sea}]",
            "--set",
            "preserve=[horse]",
            "--preserve",
            "frog");
    assertThat(recipe.seed()).isEqualTo(7);
    assertThat(recipe.mining().d1()).isEqualTo(0.6);
    assertThat(recipe.beyond().samples()).isEqualTo(9);
    assertThat(recipe.alignment().enabled()).isFalse();
    assertThat(recipe.closedForm().priorWeight()).isZero();
    assertThat(recipe.closedForm().mu()).isEqualTo(0.2);
    assertThat(recipe.concepts()).containsExactly(new ConceptPair("cat", "dog"));
    assertThat(recipe.preserve()).containsExactly("horse", "frog");
  }

  @Test
  void conceptsMayBeSetInsteadOfNamed() {
    assertThat(
            recipe("erase", "--set", "concepts=[{concept: ship, anchor: sea}]", "-a", "ground")
                .concepts())
        .containsExactly(new ConceptPair("ship", "ground"));
  }

  @Test
  void aSettingNeedFitOnlyTheRecipeOfTheModel() throws IOException {
    Files.writeString(folder.resolve("card.json"), "{\"recipe\": \"pocket\", \"data\": []}");
    // The object recipe's D2 is 1.10, that of pocket 1.30.
    EraseRecipe recipe =
        recipe("erase", "-m", folder.toString(), "-c", "cat=dog", "--set", "mining.d1=1.2");
    assertThat(recipe)
        .isEqualTo(
            Recipes.builtIn("pocket")
                .with("mining.d1", 1.2)
                .with("concepts", List.of(new ConceptPair("cat", "dog"))));
    CommandRun run =
        CommandRun.of(
            "erase",
            "-m",
            "pocket",
            "-c",
            "cat=dog",
            "--set",
            "mining.d1=1.2",
            "--config",
            "object");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--set mining.d1=1.2: beyond.d2 is 1.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "erase -m pocket -c cat=dog",
        "erase -m nowhere/to-be-found -c cat=dog",
        "scope -m pocket -c cat",
        "eval cifar10-pocket -m pocket --erase cat --out o",
        "eval ablation -m pocket -c cat --suite cifar10-pocket --out o"
      })
  void aSlipIsAUsageErrorThatNamesTheNearestKey(String line) {
    CommandRun run = CommandRun.of((line + " --set mining.d2=0.5").split(" "));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("--set mining.d2=0.5: unknown key mining.d2")
        .containsIgnoringCase("did you mean mining.d1?");
  }

  @Test
  void withoutAnErasureThereIsNothingToSet() {
    CommandRun run =
        CommandRun.of("eval", "cifar10", "-m", "pocket", "--out", "o", "--set", "seed=1");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--recipe, --set and --variants are for erasing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"erase", "scope", "eval", "eval ablation"})
  void theHelpShowsIt(String command) {
    assertThat(CommandRun.of((command + " --help").split(" ")).out())
        .contains("--set=KEY=VALUE")
        .contains("mining.d1=0.48");
  }
}
