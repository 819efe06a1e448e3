package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.chaos.FailingDisk;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.MiningSettings;
import org.realera.config.RecipeReader;
import org.realera.files.Sizes;
import org.realera.method.Methods;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.Weights;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Finite;
import org.realera.training.WholeWeights;

/** Runs that can not end well: what is said, and that nothing stays behind. */
class ErasureErrorsTest {
  private static final String SAVED = "alignment.safetensors";
  @TempDir Path root;
  private int runs;

  @Test
  void aDivergingAlignmentIsAnErrorThatNamesTheStepAndLeavesNothing() {
    var wild = TinyModel.recipe().alignment();
    EraseRecipe recipe =
        TinyModel.recipe()
            .with(
                "alignment",
                new org.realera.config.AlignmentSettings(
                    true, 40, 1, 1e30, 0, 2, 2, wild.targets(), 0.3, 0.7, 1, 1, 1, 0, 50));
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> TinyRuns.run(root, recipe, "out"));
    assertThat(e.kind()).isEqualTo(Kind.FAILED);
    assertThat(e).hasMessageContaining("diverged at step");
    assertThat(root).isEmptyDirectory();
  }

  /** Of a method that trains whole weights; short, should it be let through. */
  private EraseRequest whole(MethodName method, Path out) {
    List<String> images =
        List.of("images=1", "replay_images=1", "image_steps=1", "fisher_timesteps=1");
    List<String> settings = new ArrayList<>(List.of("report.pictures=never", "steps=1"));
    settings.addAll(method == MethodName.SA ? images : List.of("sampler_steps=2"));
    EraseRecipe recipe =
        RecipeReader.builtIn("object", method, settings)
            .with("concepts", TinyModel.recipe().concepts());
    return TinyModel.request(recipe, out);
  }

  private static long numbers(MethodName method) {
    try (Weights unet = Checkpoint.open(TinyModel.FOLDER).openUnet()) {
      return WholeWeights.numbers(
          unet, Methods.of(method).trainedWhole(RecipeReader.builtIn("object", method, List.of())));
    }
  }

  /** Of each number five are held, of four bytes. */
  @ParameterizedTest
  @EnumSource(names = {"ESD_U", "SA"})
  void aMachineThatIsTooSmallIsToldBeforeAnythingIsDrawn(MethodName method) {
    long needed = numbers(method) * 20;
    EraseRequest request = whole(method, root.resolve("out"));
    RealeraException e =
        catchThrowableOfType(
            RealeraException.class,
            () -> Erasure.run(request, Progress.NONE, TinyRuns.CACHE, () -> needed));
    assertThat(e.kind()).isEqualTo(Kind.RESOURCES);
    assertThat(e)
        .hasMessageContaining(" takes " + Sizes.text(needed) + " of memory beside the model");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aDiskThatIsTooSmallForTheModelAndSavedStepsIsToldBeforeAnythingIsDrawn() throws IOException {
    FailingDisk disk = new FailingDisk(root);
    EraseRequest request = whole(MethodName.ESD_U, disk.path(root.resolve("out")));
    long model = ModelFiles.outputBytes(TinyModel.FOLDER) + 24 * numbers(MethodName.ESD_U);
    disk.free(model - 1);
    RealeraException e =
        catchThrowableOfType(
            RealeraException.class, () -> Erasure.run(request, Progress.NONE, TinyRuns.CACHE));
    assertThat(e.kind()).isEqualTo(Kind.RESOURCES);
    assertThat(e).hasMessageContaining("the output takes " + Sizes.text(model) + ", ");
    assertThat(root).isEmptyDirectory();
  }

  /** The state that is kept is the last that was saved, and it is whole. */
  @Test
  void aDivergingAlignmentKeepsTheLastGoodState() throws IOException {
    var wild = TinyModel.recipe().alignment();
    EraseRecipe recipe =
        TinyModel.recipe()
            .with(
                "alignment",
                new org.realera.config.AlignmentSettings(
                    true, 40, 1, 1e30, 0, 2, 2, wild.targets(), 0.3, 0.7, 1, 1, 1, 0, 1));
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> TinyRuns.run(root, recipe, "out"));
    Matcher step = Pattern.compile("diverged at step (\\d+): ").matcher(e.getMessage());
    assertThat(step.find()).isTrue();
    assertThat(root.resolve("out")).doesNotExist();
    Path state = root.resolve("out.state").resolve(SAVED);
    try (SafetensorsFile saved = SafetensorsFile.open(state);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThat(Objects.requireNonNull(saved.metadata().get("losses")).split(",", -1))
          .hasSize(Integer.parseInt(step.group(1)) - 1);
      for (String name : saved.tensors().keySet()) {
        assertThat(Finite.firstBroken(saved.read(name, scope))).as(name).isEqualTo(-1);
      }
    }
  }

  @Test
  void whatTheUserGotWrongIsSaidAndNothingStays() throws IOException {
    EraseRecipe recipe = TinyModel.recipe();
    assertUsage(recipe.with("concepts", List.of()), "nothing to erase");
    assertUsage(
        recipe.with("concepts", List.of(new ConceptPair("house ".repeat(90).strip(), "city"))),
        "is cut off");
    assertUsage(
        recipe.with("concepts", List.of(new ConceptPair("huouse", "city"))),
        "does not know the word \"huouse\"");
    assertUsage(recipe.with("preserve", List.of("blxck")), "does not know the word \"blxck\"");
    assertUsage(recipe.with("templates", List.of("a{}z")), "is not a span");
    assertUsage(
        recipe.with(
            "concepts",
            List.of(
                new ConceptPair("house, city", "city"), new ConceptPair("house , city", "city"))),
        "the concept \"house , city\" has the tokens of the concept \"house, city\"");
    assertUsage(
        recipe
            .with("concepts", List.of(new ConceptPair("city, house", "city")))
            .with("preserve", List.of("city", "city , house")),
        "preserve has \"city , house\", which has the tokens of the concept \"city, house\"");
    assertUsage(
        recipe.with("preserve", List.of("game", "family", "Game")),
        "preserve has \"Game\", which has the tokens of \"game\", also in preserve");
    assertUsage(
        recipe.with("preserve", List.of("family, game", "family , game")),
        "preserve has \"family , game\", which has the tokens of \"family, game\"");
    assertUsage(
        recipe.with("mining", new MiningSettings(true, 3, 0.05, 0.01, 0.9, 0.7, 0)),
        "mining neighbors");
    assertUsage(
        recipe.with(
            "alignment",
            new org.realera.config.AlignmentSettings(
                true, 1, 1, 1, 0, 2, 2, List.of("attn9"), 0, 0, 1, 1, 1, 0, 1)),
        "\"attn9\"");
    assertThat(root).isEmptyDirectory();
  }

  /** Published scripts have both, so neither is refused. */
  @Test
  void anchorsThatAreErasedOrHoldTheConceptAreTold() {
    EraseRecipe pairs =
        TinyModel.recipe()
            .with(
                "concepts",
                List.of(
                    new ConceptPair("house", "city"),
                    new ConceptPair("city", "house"),
                    new ConceptPair("book", "old book")));
    List<String> told =
        List.of(
            "the anchor \"old book\" contains the concept \"book\": much of the concept may stay",
            "the anchor \"city\" of \"house\" is erased itself, as \"city\""
                + " (and 1 more such anchors)");
    assertThat(notes(pairs)).containsAll(told);
    assertThat(notes(TinyModel.recipe())).noneMatch(note -> note.contains("the anchor \""));
    for (String method : List.of("uce guide=anchor", "uce guide=empty", "esd-x steps=1")) {
      String[] words = method.split(" ");
      List<String> settings = List.of("report.pictures=never", words[1]);
      EraseRecipe other =
          RecipeReader.builtIn("object", MethodName.of(words[0]), settings)
              .with("concepts", pairs.concepts());
      assertThat(notes(other).containsAll(told)).as(method).isEqualTo(method.contains("=anchor"));
      assertThat(notes(other).stream().anyMatch(told::contains))
          .as(method)
          .isEqualTo(method.contains("=anchor"));
    }
  }

  @Test
  void anAnchorThatOnlyHasAnotherConceptInItIsNotCalledErasedItself() {
    List<ConceptPair> pairs =
        List.of(
            new ConceptPair("house", "old city"),
            new ConceptPair("city", "family"),
            new ConceptPair("game", "old book"),
            new ConceptPair("book", "family"),
            new ConceptPair("old book", "family"));
    assertThat(notes(TinyModel.recipe().with("concepts", pairs.subList(0, 2))))
        .contains("the anchor \"old city\" of \"house\" has \"city\" in it, which is erased too")
        .noneMatch(note -> note.contains("is erased itself"));
    assertThat(notes(TinyModel.recipe().with("concepts", pairs.subList(2, 5))))
        .contains("the anchor \"old book\" of \"game\" is erased itself, as \"old book\"");
  }

  private List<String> notes(EraseRecipe recipe) {
    List<String> notes = new ArrayList<>();
    Progress listener =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Path out = root.resolve("out" + runs++);
    Erasure.run(TinyModel.request(recipe, out), listener, TinyRuns.CACHE);
    return notes;
  }

  @Test
  void aDamagedModelIsFoundBeforeAnythingIsWritten() throws IOException {
    Path model = TinyModel.copy(root.resolve("model"));
    byte[] bytes = Files.readAllBytes(model.resolve(TinyRuns.UNET));
    Files.write(model.resolve(TinyRuns.UNET), java.util.Arrays.copyOf(bytes, bytes.length - 10));
    Path out = root.resolve("out");
    EraseRequest request =
        new EraseRequest(
            new ModelRef("m", model),
            TinyModel.recipe(),
            out,
            ComputeChoice.of("cpu", "fp32"),
            false,
            false);
    RealeraException e = catchThrowableOfType(RealeraException.class, () -> TinyRuns.run(request));
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e).hasMessageContaining(TinyRuns.UNET);
    assertThat(out).doesNotExist();
    assertThat(root.resolve("out.state")).doesNotExist();
  }

  private void assertUsage(EraseRecipe recipe, String message) {
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> TinyRuns.run(root, recipe, "out"));
    assertThat(e).isNotNull().hasMessageContaining(message);
    assertThat(e.kind()).isEqualTo(Kind.USAGE);
    assertThat(root).isEmptyDirectory();
  }
}
