package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.config.ReportSettings.Pictures;
import org.realera.erase.Interruption.StoppedException;
import org.realera.tensor.SafetensorsFile;

/** Whole runs on the miniature model. */
class ErasureTest {
  private static final String UNET = "unet/diffusion_pytorch_model.safetensors";

  @TempDir Path root;

  @Test
  void theSameSeedGivesTheSameFolderAndAnotherSeedAnother() throws IOException {
    EraseRecipe recipe = withPictures(TinyModel.recipe());
    run(recipe, "a");
    run(recipe, "b");
    assertThat(TinyModel.contents(root.resolve("b")))
        .isEqualTo(TinyModel.contents(root.resolve("a")));
    run(recipe.withSeed(1), "c");
    assertThat(TinyModel.contents(root.resolve("c")).get(UNET))
        .isNotEqualTo(TinyModel.contents(root.resolve("a")).get(UNET));
  }

  @Test
  void onlyTheCrossAttentionProjectionsChangeAndEveryOtherByteStays() throws IOException {
    run(TinyModel.recipe(), "out");
    Set<String> changed = new TreeSet<>();
    try (SafetensorsFile before = SafetensorsFile.open(TinyModel.FOLDER.resolve(UNET));
        SafetensorsFile after = SafetensorsFile.open(root.resolve("out").resolve(UNET))) {
      assertThat(after.inFileOrder()).isEqualTo(before.inFileOrder());
      assertThat(after.metadata()).isEqualTo(before.metadata());
      for (String name : before.tensors().keySet()) {
        if (!java.util.Arrays.equals(bytes(before, name), bytes(after, name))) {
          changed.add(name);
        }
      }
    }
    assertThat(changed).isNotEmpty().allMatch(n -> n.matches(".*\\.attn2\\.to_[kv]\\.weight"));
    var contents = TinyModel.contents(root.resolve("out"));
    TinyModel.contents(TinyModel.FOLDER)
        .forEach(
            (name, hash) -> {
              if (!name.equals(UNET)) {
                assertThat(contents).as(name).containsEntry(name, hash);
              }
            });
    assertThat(contents).containsKeys("realera.json", "report.html");
  }

  @Test
  void eachSwitchOfTheAblationTurnsOffItsPartAndNothingElse() throws IOException {
    EraseRecipe full = TinyModel.recipe();
    EraseRecipe closedForm =
        full.withMining(full.mining().withEnabled(false))
            .withBeyond(full.beyond().withEnabled(false))
            .withAlignment(full.alignment().withEnabled(false));
    JsonNode variant1 = run(closedForm, "1");
    JsonNode variant2 = run(closedForm.withAlignment(full.alignment()), "2");
    JsonNode variant3 = run(full.withBeyond(full.beyond().withEnabled(false)), "3");
    JsonNode ours = run(full, "4");
    assertThat(numbers(variant1)).containsExactly(0, 0, 0);
    assertThat(numbers(variant2)).containsExactly(0, 0, 4);
    assertThat(numbers(variant3)).containsExactly(6, 0, 4);
    assertThat(numbers(ours)).containsExactly(6, 10, 4);
    Set<String> distinct = new TreeSet<>();
    for (String out : List.of("1", "2", "3", "4")) {
      distinct.add(TinyModel.contents(root.resolve(out)).get(UNET));
    }
    assertThat(distinct).hasSize(4);
  }

  @Test
  void severalConceptsShareOneSolve() throws IOException {
    EraseRecipe two =
        TinyModel.recipe()
            .withConcepts(
                List.of(new ConceptPair("house", "the city"), new ConceptPair("book", "a game")));
    JsonNode manifest = run(two, "out");
    assertThat(numbers(manifest)).containsExactly(12, 20, 4);
    EraseRecipe preserving = two.withPreserve(List.of("family", "black friday"));
    long kept = manifest.at("/results/samples/kept_rows").asLong();
    assertThat(run(preserving, "preserving").at("/results/samples/kept_rows").asLong())
        .isGreaterThan(kept);
  }

  @Test
  void aRunStoppedAfterAnyStepEndsInTheSameBytesWhenResumed() throws IOException {
    EraseRecipe recipe = TinyModel.recipe();
    run(recipe, "straight");
    var expected = TinyModel.contents(root.resolve("straight"));
    for (int last = 0; last <= recipe.alignment().steps(); last++) {
      Path out = root.resolve("stopped" + last);
      StoppedException e = stopAfter(recipe, out, last);
      assertThat(e).hasMessageContaining("step " + last + " of 4 is saved");
      assertThat(out).doesNotExist();
      resume(recipe, out);
      assertThat(TinyModel.contents(out)).as("stopped after step " + last).isEqualTo(expected);
      assertThat(out.resolveSibling("stopped" + last + ".state")).doesNotExist();
    }
  }

  @Test
  void aSavedStepThatIsDamagedIsAnErrorAndNotAnotherModel() throws IOException {
    Path out = root.resolve("out");
    stopAfter(TinyModel.recipe(), out, 2);
    Path saved = root.resolve("out.state").resolve(OutputFolder.CHECKPOINT);
    byte[] bytes = Files.readAllBytes(saved);
    Files.write(saved, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> resume(TinyModel.recipe(), out));
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e).hasMessageContaining(OutputFolder.CHECKPOINT);
    assertThat(out).doesNotExist();
  }

  @Test
  void resumingWithAnotherRecipeSaysWhatDiffers() {
    Path out = root.resolve("out");
    stopAfter(TinyModel.recipe(), out, 1);
    assertThatThrownBy(() -> resume(TinyModel.recipe().withSeed(7), out))
        .hasMessageContaining("recipe.seed: 0 there, 7 here");
  }

  @Test
  void resumingWhatIsCompleteDoesNothingAndResumingNothingStartsAfresh() throws IOException {
    Path out = root.resolve("out");
    assertThat(resume(TinyModel.recipe(), out).alreadyThere()).isFalse();
    var contents = TinyModel.contents(out);
    assertThat(resume(TinyModel.recipe(), out).alreadyThere()).isTrue();
    assertThat(TinyModel.contents(out)).isEqualTo(contents);
    assertThatThrownBy(() -> resume(TinyModel.recipe().withSeed(7), out))
        .hasMessageContaining("is complete, with other settings: recipe.seed");
  }

  @Test
  void aDivergingAlignmentIsAnErrorThatNamesTheStepAndLeavesNothing() {
    var wild = TinyModel.recipe().alignment();
    EraseRecipe recipe =
        TinyModel.recipe()
            .withAlignment(
                new org.realera.config.AlignmentSettings(
                    true, 40, 1, 1e30, 0, 2, 2, wild.targets(), 0.3, 0.7, 1, 1, 1, 0, 50));
    RealeraException e = catchThrowableOfType(RealeraException.class, () -> run(recipe, "out"));
    assertThat(e.kind()).isEqualTo(Kind.FAILED);
    assertThat(e).hasMessageContaining("diverged at step");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void whatTheUserGotWrongIsSaidAndNothingStays() throws IOException {
    EraseRecipe recipe = TinyModel.recipe();
    assertUsage(recipe.withConcepts(List.of()), "nothing to erase");
    assertUsage(
        recipe.withConcepts(List.of(new ConceptPair("house ".repeat(90).strip(), "city"))),
        "is cut off");
    assertUsage(
        recipe.withConcepts(List.of(new ConceptPair("huouse", "city"))),
        "does not know the word \"huouse\"");
    assertUsage(recipe.withPreserve(List.of("blxck")), "does not know the word \"blxck\"");
    assertUsage(recipe.withTemplates(List.of("a{}z")), "is not a span");
    assertUsage(
        recipe.withMining(new MiningSettings(true, 3, 0.05, 0.01, 0.9, 0.7)), "mining neighbors");
    assertUsage(
        recipe.withAlignment(
            new org.realera.config.AlignmentSettings(
                true, 1, 1, 1, 0, 2, 2, List.of("attn9"), 0, 0, 1, 1, 1, 0, 1)),
        "\"attn9\"");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aDamagedModelIsFoundBeforeAnythingIsWritten() throws IOException {
    Path model = TinyModel.copy(root.resolve("model"));
    byte[] bytes = Files.readAllBytes(model.resolve(UNET));
    Files.write(model.resolve(UNET), java.util.Arrays.copyOf(bytes, bytes.length - 10));
    Path out = root.resolve("out");
    EraseRequest request =
        new EraseRequest("m", model, TinyModel.recipe(), out, "cpu", "fp32", false, false);
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> run(request, new Interruption()));
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e).hasMessageContaining(UNET);
    assertThat(out).doesNotExist();
    assertThat(root.resolve("out.state")).doesNotExist();
  }

  @Test
  void bfloat16AlignsTooWithFloat32Adapters() throws IOException {
    Path out = root.resolve("out");
    run(
        new EraseRequest(
            "tiny", TinyModel.FOLDER, TinyModel.recipe(), out, "cpu", "bf16", false, false),
        new Interruption());
    JsonNode manifest = RunManifest.read(out);
    assertThat(manifest.at("/compute/dtype").asText()).isEqualTo("bf16");
    assertThat(manifest.path("losses")).hasSize(4);
  }

  @Test
  void theReportShowsConceptNeighborsAndKeptConceptsWhereAsked() throws IOException {
    run(withPictures(TinyModel.recipe()), "out");
    String html = Files.readString(root.resolve("out/report.html"));
    assertThat(html).contains("house → the city").contains("a photo of the book").contains("<svg");
    run(TinyModel.recipe(), "none");
    assertThat(Files.readString(root.resolve("none/report.html")))
        .contains("asks for no pictures")
        .doesNotContain("<img");
  }

  private static EraseRecipe withPictures(EraseRecipe recipe) {
    return recipe.withReport(
        new org.realera.config.ReportSettings(
            Pictures.ALWAYS, 1, 2, 2, List.of(), List.of("book", "house")));
  }

  private void assertUsage(EraseRecipe recipe, String message) {
    RealeraException e = catchThrowableOfType(RealeraException.class, () -> run(recipe, "out"));
    assertThat(e).isNotNull().hasMessageContaining(message);
    assertThat(e.kind()).isEqualTo(Kind.USAGE);
    assertThat(root).isEmptyDirectory();
  }

  private JsonNode run(EraseRecipe recipe, String out) throws IOException {
    EraseRequest request = TinyModel.request(recipe, root.resolve(out));
    run(request, new Interruption());
    return RunManifest.read(request.out());
  }

  private static EraseResult run(EraseRequest request, Interruption interruption) {
    return Erasure.run(request, ProgressListener.NONE, interruption, CACHE);
  }

  private static final PriorCache CACHE = new PriorCache(Path.of("target/prior-cache"));

  private static EraseResult resume(EraseRecipe recipe, Path out) {
    return run(
        new EraseRequest("tiny", TinyModel.FOLDER, recipe, out, "cpu", "fp32", true, false),
        new Interruption());
  }

  private static StoppedException stopAfter(EraseRecipe recipe, Path out, int step) {
    Interruption interruption = new Interruption();
    ProgressListener listener =
        new ProgressListener() {
          @Override
          public void started(Stage stage, long steps) {
            if (stage == Stage.ALIGNMENT && step == 0) {
              interruption.request();
            }
          }

          @Override
          public void advanced(Stage stage, long done, OptionalDouble loss) {
            if (stage == Stage.ALIGNMENT && done == step) {
              interruption.request();
            }
          }
        };
    return catchThrowableOfType(
        StoppedException.class,
        () -> Erasure.run(TinyModel.request(recipe, out), listener, interruption, CACHE));
  }

  @Test
  void aStopWhileSamplesAreDrawnIsHonouredAtOnce() {
    Path out = root.resolve("stopped");
    Interruption interruption = new Interruption();
    List<Long> blocks = new ArrayList<>();
    ProgressListener listener =
        new ProgressListener() {
          @Override
          public void advanced(Stage stage, long done, OptionalDouble loss) {
            if (stage == Stage.SAMPLES) {
              blocks.add(done);
              interruption.request();
            }
          }
        };
    assertThat(
            catchThrowableOfType(
                StoppedException.class,
                () ->
                    Erasure.run(
                        TinyModel.request(TinyModel.recipe(), out), listener, interruption, CACHE)))
        .isNotNull();
    assertThat(blocks).containsExactly(0L);
    assertThat(out).doesNotExist();
  }

  /** Neighbors, points beyond, alignment steps. */
  private static List<Integer> numbers(JsonNode manifest) {
    return List.of(
        manifest.at("/results/samples/neighbors").asInt(),
        manifest.at("/results/samples/beyond").asInt(),
        manifest.path("losses").size());
  }

  private static byte[] bytes(SafetensorsFile file, String name) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    file.copyBytes(name, Channels.newChannel(out));
    return out.toByteArray();
  }
}
