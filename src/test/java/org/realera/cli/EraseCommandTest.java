package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.erase.Interruption;
import org.realera.erase.ProgressListener;
import org.realera.erase.Stage;

class EraseCommandTest {
  @TempDir private Path folder;

  /** The request that a command line becomes. */
  private static EraseRequest request(Map<String, String> env, String... args) {
    var seen = new AtomicReference<EraseRequest>();
    Core core =
        new CommandRun.FakeCore() {
          @Override
          public EraseResult erase(EraseRequest r, ProgressListener l, Interruption i) {
            seen.set(r);
            return super.erase(r, l, i);
          }
        };
    CommandRun run = CommandRun.with(core, env, args);
    assertThat(run.code()).as(run.err()).isZero();
    return seen.get();
  }

  private static EraseRequest request(String... args) {
    return request(Map.of("REALERA_MODEL", "pocket"), args);
  }

  private static EraseRecipe recipe(String... args) {
    return request(args).recipe();
  }

  @Test
  void aConceptAndItsAnchorAreErasedByTheStandardRecipe() {
    EraseRequest request = request("erase", "--model", "/m", "-c", "airplane", "-a", "sky");
    assertThat(request.recipe())
        .isEqualTo(EraseRecipe.DEFAULT.withConcepts(List.of(new ConceptPair("airplane", "sky"))));
    assertThat(request.out()).isEqualTo(Path.of("out/no-airplane"));
    assertThat(request.device()).isEqualTo("auto");
    assertThat(request.dtype()).isEqualTo("auto");
    assertThat(request.force()).isFalse();
    assertThat(request.resume()).isFalse();
  }

  @Test
  void aModelsCardNamesItsRecipeUnlessTheUserDoes() throws IOException {
    Files.writeString(folder.resolve("card.json"), "{\"recipe\": \"pocket\", \"data\": []}");
    String model = folder.toString();
    var pair = List.of(new ConceptPair("cat", "dog"));
    assertThat(recipe("erase", "--model", model, "-c", "cat", "-a", "dog"))
        .isEqualTo(Recipes.builtIn("pocket").withConcepts(pair));
    assertThat(recipe("erase", "--model", model, "-c", "cat=dog", "--config", "style"))
        .isEqualTo(Recipes.builtIn("style").withConcepts(pair));
  }

  @Test
  void aDamagedCardIsAnError() throws IOException {
    Files.writeString(folder.resolve("card.json"), "{\"steps\": 0}");
    CommandRun run = CommandRun.of("erase", "--model", folder.toString(), "-c", "cat=dog");
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.err()).contains("card.json says");
  }

  @Test
  void everyBuiltInRecipeIsInTheJar() {
    for (String name : Recipes.NAMES) {
      assertThat(Recipes.builtIn(name))
          .isEqualTo(RecipeReader.read(Path.of("configs/erase", name + ".yaml")));
    }
  }

  @Test
  void conceptsBringTheirAnchorsOrTakeThemInOrder() {
    assertThat(recipe("erase", "-c", "cat=dog", "-c", "ship=the sea").concepts())
        .containsExactly(new ConceptPair("cat", "dog"), new ConceptPair("ship", "the sea"));
    assertThat(recipe("erase", "-c", "cat", "-c", "ship=sea", "-c", "car", "-a", "x").concepts())
        .containsExactly(
            new ConceptPair("cat", "x"),
            new ConceptPair("ship", "sea"),
            new ConceptPair("car", "x"));
    assertThat(recipe("erase", "-c", "cat", "-a", "dog", "-c", "car", "-a", "road").concepts())
        .containsExactly(new ConceptPair("cat", "dog"), new ConceptPair("car", "road"));
  }

  @Test
  void aFileListsConceptsAndAnotherWhatToKeep() throws IOException {
    Path concepts = folder.resolve("people.txt");
    Files.writeString(
        concepts, "\uFEFF# people\nTom Cruise=a man\n\n  Emma Stone  # her own anchor below\nC#\n");
    Path kept = folder.resolve("kept.txt");
    Files.writeString(kept, "Tom Hanks\nhorse\nTom Hanks\n");
    EraseRecipe recipe =
        recipe(
            "erase",
            "-c",
            "cat",
            "--concept-file",
            concepts.toString(),
            "-a",
            "a person",
            "--preserve",
            "horse",
            "--preserve-file",
            kept.toString());
    assertThat(recipe.concepts())
        .containsExactly(
            new ConceptPair("cat", "a person"),
            new ConceptPair("Tom Cruise", "a man"),
            new ConceptPair("Emma Stone", "a person"),
            new ConceptPair("C#", "a person"));
    assertThat(recipe.preserve()).containsExactly("horse", "Tom Hanks");
  }

  @Test
  void aListThatNamesAConceptTwiceOrNoneIsAnError() throws IOException {
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "cat=dog\nship=sea\nCat=sky\n");
    CommandRun twice = CommandRun.of("erase", "-m", "pocket", "--concept-file", list.toString());
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.err()).contains("\"Cat\" twice");
    Files.writeString(list, "# nothing yet\n");
    CommandRun none = CommandRun.of("erase", "-m", "pocket", "--concept-file", list.toString());
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains(list + " has no entries");
    CommandRun missing = CommandRun.of("erase", "-m", "pocket", "--preserve-file", "no/such.txt");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("there is no list no/such.txt");
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
    assertThat(request(env, "erase", "-c", "cat=dog").modelRef()).isEqualTo("/models/mine");
    assertThat(request(env, "erase", "-c", "cat=dog").device()).isEqualTo("cuda:1");
    assertThat(request(env, "erase", "-c", "cat=dog", "-m", "pocket").modelRef())
        .isEqualTo("pocket");
    assertThat(request(env, "erase", "-c", "cat=dog", "--device", "CPU").device()).isEqualTo("cpu");
  }

  @Test
  void theModelIsStableDiffusionUnlessNamed() {
    CommandRun run = CommandRun.of("erase", "-c", "cat=dog");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("'sd-v1-4'");
  }

  @Test
  void theDefaultOutputIsNamedAfterTheConcepts() {
    assertThat(EraseCommand.defaultOut(List.of(new ConceptPair("Tom Cruise", "a person"))))
        .isEqualTo(Path.of("out/no-tom-cruise"));
    assertThat(
            EraseCommand.defaultOut(
                List.of(new ConceptPair("cat", "dog"), new ConceptPair("é/..", "b"))))
        .isEqualTo(Path.of("out/no-cat-e"));
  }

  @Test
  void ofManyConceptsSomeAreNamedAndTheOthersCounted() throws IOException {
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "a1\na2\na3\na4\na5\na6\na7\na8\n");
    String[] args = {"erase", "-m", "pocket", "--concept-file", list.toString(), "--anchor", "sky"};
    assertThat(request(args).out()).isEqualTo(Path.of("out/no-a1-a2-a3-and-5-more"));
    assertThat(CommandRun.of(args).out())
        .contains("Erased a1 -> sky, a2 -> sky, a3 -> sky, a4 -> sky, a5 -> sky and 3 more in");
  }

  @Test
  void aDryRunPrintsARecipeWithThePlanInItsComments() throws IOException {
    CommandRun run =
        CommandRun.with(
            new CommandRun.FakeCore() {
              @Override
              public EraseResult erase(EraseRequest r, ProgressListener l, Interruption i) {
                throw new AssertionError("a dry run erases nothing");
              }
            },
            "erase",
            "--model",
            "/m",
            "-c",
            "cat=dog",
            "--no-mining",
            "--preserve",
            "horse",
            "--out",
            folder.resolve("new").toString(),
            "--dry-run");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith(
            """
            # Dry run: nothing is loaded or written. This text is a recipe: --config reads it.
            #
            # model   /m (/m)
            # recipe  object
            # device  cpu, fp32
            # output  %s
            #
            # erase   cat -> dog
            # 1. encode 4 prompts of the concept and as many of the anchor
            # 2. draw 800 beyond-concept points
            # 3. solve the closed form, holding prefix rows, a prior of 400 prompts, 1 preserved concept
            # 4. align predicted noise: 200 steps of LoRA rank 4, learning rate 1.0E-5
            # 5. write the model, realera.json and report.html

            concepts:
            """
                .formatted(folder.resolve("new")));
    Path saved = Files.writeString(folder.resolve("saved.yaml"), run.out());
    assertThat(recipe("erase", "--config", saved.toString()))
        .isEqualTo(
            recipe("erase", "-m", "/m", "-c", "cat=dog", "--no-mining", "--preserve", "horse"));
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void theResultSaysWhereEverythingIsAndWhatToTryNext() {
    CommandRun run = CommandRun.of("erase", "-m", "pocket", "-c", "cat=dog", "-o", "/tmp/a b");
    assertThat(run.out())
        .isEqualTo(
            """

            Erased cat -> dog in 1.3 s.
              model     /tmp/a b
              report    /tmp/a b/report.html
              manifest  /tmp/a b/realera.json
            Look at it:
              realera generate --model '/tmp/a b' --prompt 'a photo of the cat' -n 4 --out '/tmp/a b.png'
            """);
  }

  @Test
  void stagesGoToStdoutAsTheyEndAndToStderrBesideJson() throws IOException {
    Core core =
        new CommandRun.FakeCore() {
          @Override
          public EraseResult erase(EraseRequest r, ProgressListener l, Interruption i) {
            l.started(Stage.ALIGNMENT, 2);
            l.advanced(Stage.ALIGNMENT, 1, OptionalDouble.of(0.5));
            l.note("a note");
            l.finished(Stage.ALIGNMENT, "2 steps");
            return super.erase(r, l, i);
          }
        };
    String[] args = {"erase", "-m", "pocket", "-c", "cat=dog"};
    CommandRun text = CommandRun.with(core, args);
    assertThat(text.out()).startsWith("Align predicted noise: 2 steps (0.");
    assertThat(text.err()).isEqualTo("realera: a note\n");
    CommandRun json = CommandRun.with(core, "erase", "-m", "pocket", "-c", "cat=dog", "--json");
    assertThat(json.err()).contains("Align predicted noise: 2 steps");
    JsonNode tree = new ObjectMapper().readTree(json.out());
    assertThat(tree.path("out").asText()).isEqualTo("out/no-cat");
    assertThat(tree.path("concepts").path(0).path("anchor").asText()).isEqualTo("dog");
  }

  @Test
  void aStoppedRunSaysHowToGoOn() throws IOException {
    Core core =
        new CommandRun.FakeCore() {
          @Override
          public EraseResult erase(EraseRequest r, ProgressListener l, Interruption i) {
            throw new Interruption.StoppedException("12 of 200 steps are saved");
          }
        };
    Path out = folder.resolve("x y");
    String[] args = {"erase", "-m", "pocket", "-c", "cat=dog", "-o", out.toString(), "--force"};
    CommandRun fresh = CommandRun.with(core, args);
    assertThat(fresh.code()).isEqualTo(130);
    assertThat(fresh.err()).endsWith("  Start again with the same command.\n");
    Files.createDirectory(folder.resolve("x y.state"));
    assertThat(CommandRun.with(core, args).err())
        .isEqualTo(
            """
            realera: stopped: 12 of 200 steps are saved
              Go on with: realera erase -m pocket -c cat=dog -o '%s' --resume
            """
                .formatted(out));
  }
}
