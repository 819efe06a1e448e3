package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.SingleFiles;
import org.realera.convert.Target;
import org.realera.files.Json;
import org.realera.golden.SilentFile;
import org.realera.safetensors.Weights;

/** The miniatures in the original layout. */
class SingleFileErasureTest {
  private static final List<String> UNLIKE = List.of("report.html", "realera.json");

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2"})
  void aSingleFileIsErasedToTheSameTensorsAsTheFolder(String miniature) throws IOException {
    Path model = TinyModel.FOLDER.resolveSibling(miniature);
    Path file = root.resolve("tiny.safetensors");
    SingleFiles.write(Checkpoint.open(model), Optional.empty(), Map.of(), file);
    run(request(model, root.resolve("folder")));
    run(request(file, root.resolve("single")));
    Checkpoint single = Checkpoint.open(root.resolve("single"));
    Checkpoint folder = Checkpoint.open(root.resolve("folder"));
    assertThat(withoutUnet(single)).isEqualTo(withoutUnet(folder));
    // Mapped tensors lie at other offsets in a file, and some CPUs then round sums otherwise.
    try (Weights one = single.openUnet();
        Weights other = folder.openUnet();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThat(one.tensors().keySet()).isEqualTo(other.tensors().keySet());
      for (String name : one.tensors().keySet()) {
        NDArray expected = other.read(name, scope);
        double apart = one.read(name, scope).sub(expected).norm().getFloat();
        assertThat(apart).as(name).isLessThanOrEqualTo(1e-5 * expected.norm().getFloat());
      }
    }
    assertThat(Json.read(root.resolve("single/realera.json")).path("recipe"))
        .isEqualTo(Json.read(root.resolve("folder/realera.json")).path("recipe"));
    var contents = TinyModel.contents(root.resolve("single"));
    TinyModel.contents(root.resolve("folder"))
        .forEach(
            (name, hash) -> {
              if (!name.endsWith(".safetensors") && !UNLIKE.contains(name)) {
                assertThat(contents).as(name).containsEntry(name, hash);
              }
            });
  }

  private static SortedMap<String, String> withoutUnet(Checkpoint model) {
    SortedMap<String, String> fingerprints = new TreeMap<>(model.fingerprints());
    fingerprints.remove("unet");
    return fingerprints;
  }

  @Test
  void aPredictionThatHadToBeGuessedIsToldInOneLine() throws IOException {
    Path silent = root.resolve("silent.safetensors");
    Path said = root.resolve("said.safetensors");
    SilentFile.write(silent, said);
    assertThat(notes(request(silent, root.resolve("a"))))
        .containsExactly(
            silent
                + " does not say what it predicts; by its weights v_prediction."
                + " If not: `realera model convert --prediction epsilon`");
    assertThat(notes(request(said, root.resolve("b")))).isEmpty();
  }

  /** Not when hours of training are over, and with the folder's name, not that of a copy. */
  @Test
  void aCardThatASingleFileCanNotCarryIsRefusedBeforeItIsErased() throws IOException {
    Path model = TinyModel.copy(root.resolve("model"));
    Path card = model.resolve("README.md");
    Files.writeString(card, "# Mod\u00e8le\n", StandardCharsets.ISO_8859_1);
    EraseRequest folder = request(model, root.resolve("out"));
    EraseRequest request =
        new EraseRequest(
            folder.model(),
            folder.recipe(),
            folder.out(),
            Target.SINGLE_FILE,
            folder.compute(),
            false,
            false,
            null);
    List<ThrowingCallable> ways = List.of(() -> run(request), () -> ErasePreview.of(request));
    for (ThrowingCallable way : ways) {
      assertThatThrownBy(way)
          .isInstanceOfSatisfying(
              RealeraException.class,
              e -> assertThat(e.kind()).isEqualTo(RealeraException.Kind.DAMAGED))
          .hasMessage(card + ", line 1: the text is not UTF-8");
    }
    assertThat(folder.out()).doesNotExist();
  }

  @Test
  void whatOtherProgramsReadWronglyIsToldOfASingleFileAlone() {
    EraseRequest folder = request(TinyModel.FOLDER, root.resolve("folder"));
    EraseRequest single =
        new EraseRequest(
            folder.model(),
            folder.recipe(),
            root.resolve("single"),
            Target.SINGLE_FILE,
            folder.compute(),
            false,
            false,
            null);
    String told = "the single file's networks are not those of Stable Diffusion 1";
    assertThat(notes(folder)).noneMatch(note -> note.startsWith(told));
    assertThat(notes(single)).filteredOn(note -> note.startsWith(told)).hasSize(1);
  }

  private static List<String> notes(EraseRequest request) {
    List<String> notes = new ArrayList<>();
    Progress listener =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Erasure.run(request, listener, TinyRuns.CACHE);
    return notes;
  }

  private static EraseRequest request(Path model, Path out) {
    EraseRequest of = TinyModel.request(TinyModel.recipe(), out);
    return new EraseRequest(
        new ModelRef(of.model().name(), model), of.recipe(), out, of.compute(), false, false);
  }

  private static void run(EraseRequest request) {
    TinyRuns.run(request);
  }
}
