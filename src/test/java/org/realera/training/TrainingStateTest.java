package org.realera.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.Checkpoint;
import org.realera.erase.StateFolder;
import org.realera.golden.Golden;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/** A saved step that is damaged is refused by name, with the way out. */
class TrainingStateTest {
  private static final String NAME = "alignment";
  private static final AdamW.Settings SETTINGS = AdamW.Settings.of(1e-3, 0.01);

  @TempDir private Path folder;
  private Path state;

  @BeforeEach
  void save() {
    state = folder.resolve(NAME + ".safetensors");
    TrainingState training = TrainingState.start(adapters(), SETTINGS);
    training.losses().addAll(List.of(0.5, 0.25));
    training.save(saved(), NAME);
  }

  private Saved saved() {
    return new StateFolder(folder);
  }

  private static LoraAdapters adapters() {
    try (Weights unet = Checkpoint.open(Golden.path("tiny-sd")).openUnet()) {
      return LoraAdapters.init(unet.tensors(), List.of("attn2.to_k"), 1, 1, 7);
    }
  }

  @Test
  void whatWasSavedIsRead() {
    TrainingState read = TrainingState.load(saved(), NAME, adapters(), SETTINGS);
    assertThat(read.losses()).containsExactly(0.5, 0.25);
    assertThat(read.step()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 100, 2000})
  void oneThatWasCutShortSaysWhatIsLostAndHowToGoOn(int bytes) throws IOException {
    Files.write(state, Arrays.copyOf(Files.readAllBytes(state), bytes));
    RealeraException error = refused();
    assertThat(error)
        .hasMessageStartingWith("the saved step of the training can't be used: " + state);
  }

  @Test
  void tensorsOfAnotherTypeAreNoState() {
    List<TensorSource> halves = new ArrayList<>();
    try (SafetensorsFile file = SafetensorsFile.open(state)) {
      file.tensors()
          .forEach(
              (name, info) ->
                  halves.add(
                      TensorSource.of(
                          name, DType.F16, info.shape(), new float[(int) info.elements()])));
    }
    SafetensorsWriter.write(state, Map.of("losses", "[0.5]"), halves);
    assertThat(refused()).hasMessageContaining(" is F16, expected F32");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[\"NaN\"]", "{}", "[1"})
  void lossesThatAreNoNumbersAreNone(String losses) {
    List<TensorSource> tensors = new ArrayList<>();
    SafetensorsWriter.write(state, Map.of("losses", losses), tensors);
    assertThat(refused()).hasMessageContaining("its losses are no list of numbers");
  }

  private RealeraException refused() {
    RealeraException error =
        catchThrowableOfType(
            RealeraException.class, () -> TrainingState.load(saved(), NAME, adapters(), SETTINGS));
    assertThat(error).isNotNull();
    assertThat(error.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(error).hasMessageContaining(state.toString());
    assertThat(error.remedy()).contains("without --resume");
    return error;
  }
}
