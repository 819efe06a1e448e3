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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/** Pictures for a training, and what is kept of them when a run ends before they are all there. */
class AnchorImagesTest {
  private static final String FILE = "anchor-latents.safetensors";

  /** Of this size the CPU draws four pictures at a time. */
  private static final int SIZE = 64;

  private static final int STEPS = 2;

  private static Model model;
  private NDManager scope;
  @TempDir private Path root;

  @BeforeAll
  static void load() {
    model =
        new Model(
            Checkpoint.open(Path.of("src/test/resources/golden/tiny-sd")),
            Engine.compute("cpu", "fp32"));
  }

  @AfterAll
  static void unload() {
    model.close();
  }

  @BeforeEach
  void open() {
    scope = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static List<ImageRequest> set(String prompt, int pictures) {
    List<ImageRequest> requests = new ArrayList<>();
    for (int i = 0; i < pictures; i++) {
      requests.add(new ImageRequest(prompt + " " + i, "", i, STEPS, 3, SIZE, SIZE));
    }
    return requests;
  }

  /** Batches of 4, 4 and 2 pictures, then of 4 and 1. */
  private static AnchorImages.Wanted wanted() {
    return new AnchorImages.Wanted(
        Stage.ANCHOR_IMAGES,
        FILE,
        "the anchor",
        List.of(set("a photo of the city", 10), set("game", 5)));
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectory(root.resolve(name));
  }

  private List<List<Float>> draw(RecordingRun run) {
    return AnchorImages.draw(wanted(), model, run, scope).stream()
        .map(latents -> Arrays.stream(latents.toArray()).map(Number::floatValue).toList())
        .toList();
  }

  /** The state of a run that was stopped in the batch after this many pictures. */
  private RecordingRun stoppedAfter(int pictures, Path state) {
    RecordingRun run =
        new RecordingRun(state).stopIn(Stage.ANCHOR_IMAGES, (long) pictures * STEPS + 1);
    assertThatThrownBy(() -> draw(run)).isInstanceOf(RecordingRun.Stopped.class);
    return run;
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
    Path state = folder("state");
    RecordingRun run = new RecordingRun(state);
    List<NDArray> found = AnchorImages.draw(wanted(), model, run, scope);
    try (Pipeline pipeline =
        Pipeline.load(model.checkpoint(), model.unet(), model.compute(), note -> {})) {
      for (int s = 0; s < 2; s++) {
        NDArray together =
            pipeline.sampler().latents(scope, wanted().requests().get(s), Edits.NONE, done -> {});
        assertThat(found.get(s).toFloatArray()).isEqualTo(together.toFloatArray());
      }
    }
    assertThat(steps(run)).containsExactly(4L, 8L, 12L, 16L, 18L, 20L, 24L, 28L, 29L, 30L);
    assertThat(run.summaries).containsEntry(Stage.ANCHOR_IMAGES, "15 pictures");
    assertThat(names(state)).containsExactly(FILE, Method.PICTURES);
    assertThat(names(state.resolve(Method.PICTURES))).isEmpty();
  }

  @Test
  void aRunThatIsStoppedBetweenTwoBatchesDrawsOnlyTheRest() throws IOException {
    List<List<Float>> straight = draw(new RecordingRun(folder("straight")));
    for (int drawn : new int[] {4, 8, 10, 14}) {
      Path state = folder("stopped" + drawn);
      RecordingRun first = stoppedAfter(drawn, state);
      assertThat(first.saved)
          .endsWith(drawn + " of 15 pictures of the anchor are saved in " + state);
      assertThat(state.resolve(FILE)).doesNotExist();
      RecordingRun second = new RecordingRun(state);
      assertThat(draw(second)).as("stopped after %s", drawn).isEqualTo(straight);
      assertThat(second.notes)
          .containsExactly(
              "the interrupted run's pictures of the anchor are used: " + drawn + " of 15");
      assertThat(steps(second)).allMatch(done -> done > (long) drawn * STEPS).endsWith(30L);
      assertThat(Files.mismatch(state.resolve(FILE), root.resolve("straight").resolve(FILE)))
          .isEqualTo(-1);
      assertThat(names(state.resolve(Method.PICTURES))).isEmpty();
    }
  }

  @Test
  void aRunThatIsStoppedInItsFirstBatchHasNothingSaved() throws IOException {
    RecordingRun run = stoppedAfter(0, folder("state"));
    assertThat(run.saved).isEmpty();
    assertThat(root.resolve("state").resolve(Method.PICTURES)).doesNotExist();
  }

  @Test
  void aRunThatIsStoppedTwiceGoesOnTwice() throws IOException {
    List<List<Float>> straight = draw(new RecordingRun(folder("straight")));
    Path state = folder("stopped");
    stoppedAfter(4, state);
    stoppedAfter(10, state);
    RecordingRun third = new RecordingRun(state);
    assertThat(draw(third)).isEqualTo(straight);
    assertThat(steps(third)).isEqualTo(LongStream.of(24, 28, 29, 30).boxed().toList());
  }

  @Test
  void aBatchThatIsDamagedIsDrawnAgainAloneAndTheUserIsTold() throws IOException {
    List<List<Float>> straight = draw(new RecordingRun(folder("straight")));
    Path state = folder("stopped");
    stoppedAfter(10, state);
    Path batch = state.resolve(Method.PICTURES).resolve("anchor-latents-0-00004.safetensors");
    byte[] bytes = Files.readAllBytes(batch);
    Files.write(batch, Arrays.copyOf(bytes, bytes.length / 2));
    RecordingRun run = new RecordingRun(state);
    assertThat(draw(run)).isEqualTo(straight);
    assertThat(run.notes)
        .hasSize(2)
        .element(1)
        .asString()
        .startsWith("drawing pictures 5 to 8 of the anchor again: ")
        .contains(batch.getFileName().toString());
    assertThat(steps(run)).containsExactly(12L, 16L, 24L, 28L, 29L, 30L);
  }

  @Test
  void aBatchOfAnotherShapeIsDrawnAgain() throws IOException {
    List<List<Float>> straight = draw(new RecordingRun(folder("straight")));
    Path state = folder("stopped");
    stoppedAfter(4, state);
    Path batch = state.resolve(Method.PICTURES).resolve("anchor-latents-0-00000.safetensors");
    NDArray zeros = scope.zeros(new Shape(3, 4, 32, 32));
    SafetensorsWriter.write(batch, Map.of(), List.of(TensorSource.of("latents", DType.F32, zeros)));
    RecordingRun run = new RecordingRun(state);
    assertThat(draw(run)).isEqualTo(straight);
    assertThat(run.notes).last().asString().startsWith("drawing pictures 1 to 4 of the anchor");
  }

  @Test
  void picturesOfAnInterruptedRunThatAreDamagedAreDrawnAgain() throws IOException {
    List<List<Float>> straight = draw(new RecordingRun(folder("straight")));
    Path state = folder("damaged");
    Path file = Files.writeString(state.resolve(FILE), "no tensors");
    RecordingRun run = new RecordingRun(state);
    assertThat(draw(run)).isEqualTo(straight);
    assertThat(run.notes).singleElement().asString().startsWith("drawing the anchor again: ");
    try (SafetensorsFile drawn = SafetensorsFile.open(file)) {
      assertThat(drawn.tensors()).containsOnlyKeys("0", "1");
      assertThat(drawn.read("0", scope).getShape().get(0)).isEqualTo(10);
    }
  }

  /** Of two concepts' pictures only the first one's were written. */
  @Test
  void picturesOfSomeConceptsOnlyAreNotTaken() throws IOException {
    Path state = folder("half");
    NDArray zeros = scope.zeros(new Shape(10, 4, 32, 32));
    SafetensorsWriter.write(
        state.resolve(FILE), Map.of(), List.of(TensorSource.of("0", DType.F32, zeros)));
    RecordingRun run = new RecordingRun(state);
    List<List<Float>> found = draw(run);
    assertThat(run.notes).singleElement().asString().startsWith("drawing the anchor again: ");
    assertThat(found).isEqualTo(draw(new RecordingRun(folder("straight"))));
  }
}
