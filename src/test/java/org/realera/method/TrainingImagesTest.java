package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.concept.Concept;
import org.realera.config.ConceptPair;
import org.realera.config.ImageNumbers;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.tensor.Edits;
import org.realera.text.TextModel;

/** Images for a training, and what is kept of them when a run ends before they are all there. */
class TrainingImagesTest extends TinyModelTests {
  private static final String NAME = "anchor-latents";
  private static final String FILE = NAME + ".safetensors";
  private static final String IMAGES = "pictures";

  /** Of this size the CPU draws four images at a time. */
  private static final int SIZE = 64;

  private static final int STEPS = 2;

  @TempDir private static Path shared;

  /** A run that nothing disturbed, and what it drew. */
  private static RecordingRun whole;

  private static List<List<Float>> straight;

  /** One that was stopped in its last batch. */
  private static RecordingRun stopped;

  @BeforeAll
  static void drawOnce() throws IOException {
    whole = new RecordingRun(Files.createDirectory(shared.resolve("whole")));
    straight = draw(whole);
    stopped = stoppedAfter(6, Files.createDirectory(shared.resolve("stopped")));
  }

  private static List<ImageRequest> set(String prompt, int pictures) {
    List<ImageRequest> requests = new ArrayList<>();
    for (int i = 0; i < pictures; i++) {
      // without guidance, which would take twice the time
      requests.add(new ImageRequest(prompt + " " + i, "", i, STEPS, 1, SIZE, SIZE));
    }
    return requests;
  }

  private static TrainingImages.Wanted wanted(int first, int second) {
    return new TrainingImages.Wanted(
        Stage.ANCHOR_IMAGES,
        NAME,
        "the anchor",
        List.of(set("a photo of the city", first), set("game", second)));
  }

  /** Batches of 4 and 2 images, then of 1. */
  private static TrainingImages.Wanted wanted() {
    return wanted(6, 1);
  }

  private static List<List<Float>> draw(RecordingRun run) {
    return draw(wanted(), run);
  }

  private static List<List<Float>> draw(TrainingImages.Wanted wanted, RecordingRun run) {
    try (NDManager own = NDManager.newBaseManager(Device.cpu())) {
      return TrainingImages.draw(wanted, model, run, own).stream()
          .map(TinyModelTests::floats)
          .toList();
    }
  }

  /** The state of a run that was stopped in the batch after this many images. */
  private static RecordingRun stoppedAfter(int pictures, Path state) {
    RecordingRun run =
        new RecordingRun(state).stopIn(Stage.ANCHOR_IMAGES, (long) pictures * STEPS + 1);
    assertThatThrownBy(() -> draw(run)).isInstanceOf(RecordingRun.Stopped.class);
    return run;
  }

  private static String batch(int from) {
    return "anchor-latents-0-0000" + from + ".safetensors";
  }

  /** A copy of what the stopped run has kept: the batches of the first set from these images. */
  private Path kept(String name, int... from) throws IOException {
    Path state = folder(name);
    Path pictures = Files.createDirectory(state.resolve(IMAGES));
    for (int first : from) {
      Files.copy(
          stopped.folder().resolve(IMAGES).resolve(batch(first)), pictures.resolve(batch(first)));
    }
    return state;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static List<Long> steps(RecordingRun run) {
    return Objects.requireNonNull(run.done.get(Stage.ANCHOR_IMAGES));
  }

  @Test
  void aSetIsDrawnInTheSamplersOwnBatchesAndToTheSameBits() throws IOException {
    try (Pipeline pipeline =
        Pipeline.load(model.checkpoint(), model.unet(), model.compute(), note -> {})) {
      for (int s = 0; s < 2; s++) {
        NDArray together =
            pipeline.sampler().latents(scope, wanted().requests().get(s), Edits.NONE, done -> {});
        assertThat(straight.get(s)).isEqualTo(floats(together));
      }
    }
    assertThat(steps(whole)).containsExactly(4L, 8L, 10L, 12L, 13L, 14L);
    assertThat(whole.summaries).containsEntry(Stage.ANCHOR_IMAGES, "7 pictures");
    assertThat(names(whole.folder())).containsExactly(FILE, IMAGES);
    assertThat(names(whole.folder().resolve(IMAGES))).isEmpty();
  }

  /** What one concept alone would have is had by all of its anchor; other anchors keep theirs. */
  @Test
  void conceptsWithOneAnchorShareASetWithTheSeedsOfTheFirst() throws IOException {
    RecordingRun run = new RecordingRun(folder("shared"));
    List<NDArray> found = drawn(run, "game", "city", "game", "city", "book");
    assertThat(run.summaries).containsEntry(Stage.ANCHOR_IMAGES, "6 pictures");
    assertThat(found).hasSize(5);
    assertThat(found.get(2)).isSameAs(found.get(0));
    assertThat(found.get(3)).isSameAs(found.get(1));
    RecordingRun apart = new RecordingRun(folder("apart"));
    List<NDArray> all = drawn(apart, "game", "city", "new", "year", "book");
    for (int c : new int[] {0, 1, 4}) {
      assertThat(floats(found.get(c))).as("concept %s", c).isEqualTo(floats(all.get(c)));
    }
    RecordingRun again = new RecordingRun(run.folder());
    List<NDArray> kept = drawn(again, "game", "city", "game", "city", "book");
    assertThat(again.notes)
        .containsExactly("the interrupted run's pictures of the anchor are used");
    assertThat(floats(kept.get(3))).isEqualTo(floats(found.get(1)));
  }

  private record Kind(int images, int imageSteps, double imageGuidance) implements ImageNumbers {}

  private List<NDArray> drawn(RecordingRun run, String... anchors) {
    List<ConceptPair> pairs = new ArrayList<>();
    for (String anchor : anchors) {
      pairs.add(
          new ConceptPair(
              List.of("house", "king", "family", "music", "night").get(pairs.size()), anchor));
    }
    try (TextModel text = model.loadText()) {
      List<Concept> concepts = Concept.embed(pairs, List.of("a photo of the {}"), text, scope);
      ImageNumbers kind = new Kind(2, STEPS, 1);
      return TrainingImages.draw(concepts, kind, model, 0, run, scope);
    }
  }

  /** The generator takes the lower half of a seed: an image can be drawn again by what is kept. */
  @Test
  void seedsAreWhatTheGeneratorTakes() {
    List<String> prompts = Collections.nCopies(16, "a photo of the city");
    List<ImageRequest> requests =
        TrainingImages.requests(prompts, new Kind(16, STEPS, 1), "anchor image 0", model, 0);
    assertThat(requests)
        .extracting(ImageRequest::seed)
        .allSatisfy(seed -> assertThat(seed).isBetween(0L, (1L << 32) - 1))
        .doesNotHaveDuplicates();
  }

  @Test
  void eachBatchIsKeptAsItIsDrawn() throws IOException {
    assertThat(stopped.saved)
        .containsExactly(
            "4 of 7 pictures of the anchor are saved in " + stopped.folder(),
            "6 of 7 pictures of the anchor are saved in " + stopped.folder());
    assertThat(names(stopped.folder())).containsExactly(IMAGES);
    assertThat(names(stopped.folder().resolve(IMAGES))).containsExactly(batch(0), batch(4));
  }

  @Test
  void aRunThatIsStoppedBetweenTwoBatchesDrawsOnlyTheRest() throws IOException {
    goesOn(kept("four", 0), 4);
    goesOn(kept("six", 0, 4), 6);
  }

  private static void goesOn(Path state, int drawn) throws IOException {
    RecordingRun second = new RecordingRun(state);
    assertThat(draw(second)).as("stopped after %s", drawn).isEqualTo(straight);
    assertThat(second.notes)
        .containsExactly(
            "the interrupted run's pictures of the anchor are used: " + drawn + " of 7");
    assertThat(steps(second)).allMatch(done -> done > (long) drawn * STEPS).endsWith(14L);
    assertThat(Files.mismatch(state.resolve(FILE), whole.folder().resolve(FILE))).isEqualTo(-1);
    assertThat(names(state.resolve(IMAGES))).isEmpty();
  }

  @Test
  void aRunThatIsStoppedInItsFirstBatchHasNothingSaved() throws IOException {
    RecordingRun run = stoppedAfter(0, folder("state"));
    assertThat(run.saved).isEmpty();
    assertThat(root.resolve("state").resolve(IMAGES)).doesNotExist();
  }

  @Test
  void aRunThatIsStoppedTwiceGoesOnTwice() throws IOException {
    Path state = folder("state");
    stoppedAfter(4, state);
    assertThat(names(state.resolve(IMAGES))).containsExactly(batch(0));
    assertThat(steps(stoppedAfter(6, state))).containsExactly(10L, 12L);
    RecordingRun third = new RecordingRun(state);
    assertThat(draw(third)).isEqualTo(straight);
    assertThat(steps(third)).containsExactly(13L, 14L);
  }

  @Test
  void aBatchThatIsDamagedIsDrawnAgainAloneAndTheUserIsTold() throws IOException {
    Path state = kept("damaged", 0, 4);
    Path batch = state.resolve(IMAGES).resolve(batch(4));
    byte[] bytes = Files.readAllBytes(batch);
    Files.write(batch, Arrays.copyOf(bytes, bytes.length / 2));
    RecordingRun run = new RecordingRun(state);
    assertThat(draw(run)).isEqualTo(straight);
    assertThat(run.notes)
        .hasSize(2)
        .element(1)
        .asString()
        .startsWith("drawing pictures 5 to 6 of the anchor again: ")
        .contains(batch.getFileName().toString());
    assertThat(steps(run)).containsExactly(10L, 12L, 13L, 14L);
  }

  @Test
  void aBatchOfAnotherShapeIsDrawnAgainAndThoseAfterItAreTaken() throws IOException {
    Path state = kept("shape", 0, 4);
    Path batch = state.resolve(IMAGES).resolve(batch(0));
    NDArray zeros = scope.zeros(new Shape(3, 4, 32, 32));
    SafetensorsWriter.write(batch, Map.of(), List.of(TensorSource.of("latents", DType.F32, zeros)));
    RecordingRun run = new RecordingRun(state);
    assertThat(draw(run)).isEqualTo(straight);
    assertThat(run.notes).last().asString().startsWith("drawing pictures 1 to 4 of the anchor");
    assertThat(steps(run)).containsExactly(4L, 8L, 13L, 14L);
  }

  @Test
  void imagesOfAnInterruptedRunThatAreDamagedAreDrawnAgain() throws IOException {
    TrainingImages.Wanted few = wanted(2, 1);
    Path state = folder("damaged");
    Path file = Files.writeString(state.resolve(FILE), "no tensors");
    RecordingRun run = new RecordingRun(state);
    assertThat(draw(few, run)).isEqualTo(draw(few, new RecordingRun(folder("straight"))));
    assertThat(run.notes).singleElement().asString().startsWith("drawing the anchor again: ");
    try (SafetensorsFile drawn = SafetensorsFile.open(file)) {
      assertThat(drawn.tensors()).containsOnlyKeys("0", "1");
      assertThat(drawn.read("0", scope).getShape().get(0)).isEqualTo(2);
    }
  }

  /** Of two concepts' images only the first one's were written. */
  @Test
  void imagesOfSomeConceptsOnlyAreNotTaken() throws IOException {
    TrainingImages.Wanted few = wanted(1, 1);
    Path state = folder("half");
    NDArray zeros = scope.zeros(new Shape(1, 4, 32, 32));
    SafetensorsWriter.write(
        state.resolve(FILE), Map.of(), List.of(TensorSource.of("0", DType.F32, zeros)));
    RecordingRun run = new RecordingRun(state);
    List<List<Float>> found = draw(few, run);
    assertThat(run.notes).singleElement().asString().startsWith("drawing the anchor again: ");
    assertThat(found).isEqualTo(draw(few, new RecordingRun(folder("straight"))));
  }
}
