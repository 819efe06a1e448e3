package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.safetensors.DType;
import org.realera.safetensors.TensorSource;
import org.realera.training.Saved;

/** A run's state on disk, and what of it is worth keeping. */
class StateFolderTest {
  private static final String BATCH = Saved.IMAGES + "anchor-latents-0-00000";

  @TempDir private Path root;
  private StateFolder state;

  @BeforeEach
  void open() {
    state = new StateFolder(root);
  }

  private void put(String name) {
    float[] values = {1, 2};
    state.put(
        name, Map.of("said", "so"), List.of(TensorSource.of("x", DType.F32, List.of(2L), values)));
  }

  @Test
  void whatIsSavedIsAFileOfItsNameAndReadsBack() {
    put("alignment");
    assertThat(root.resolve("alignment.safetensors")).isRegularFile();
    assertThat(state.has("alignment")).isTrue();
    try (Saved.Opened opened = state.open("alignment");
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThat(opened.metadata()).containsEntry("said", "so");
      assertThat(opened.tensors().read("x", scope).toFloatArray()).containsExactly(1, 2);
    }
    state.remove("alignment");
    assertThat(state.has("alignment")).isFalse();
    state.remove("alignment");
    assertThat(state.where()).isEqualTo(root.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"alignment", "training", "fisher", "lora-0", "spm-0", "lora-1"})
  void aSavedStepIsWorthKeeping(String name) {
    assertThat(state.isWorthKeeping()).isFalse();
    put(name);
    assertThat(state.hasStep()).isTrue();
    assertThat(state.isWorthKeeping()).isTrue();
  }

  @Test
  void imagesAreWorthKeepingFromTheFirstOnAndWhenAllAreThere() {
    put(BATCH);
    assertThat(root.resolve("pictures/anchor-latents-0-00000.safetensors")).isRegularFile();
    assertThat(state.hasStep()).isFalse();
    assertThat(state.isWorthKeeping()).isTrue();
    put("anchor" + Saved.LATENTS);
    state.remove(BATCH);
    assertThat(root.resolve("pictures")).isEmptyDirectory();
    assertThat(state.isWorthKeeping()).isTrue();
    state.dropImages();
    assertThat(state.isWorthKeeping()).isFalse();
  }

  /** A run that was killed as it saved its first step leaves a file that was not renamed yet. */
  @Test
  void neitherSettingsNorModelNorHalfAFileIsWorthKeeping() throws IOException {
    Files.writeString(root.resolve("settings.json"), "{}");
    Files.writeString(root.resolve(".alignment.safetensors.1.tmp"), "half");
    Files.createDirectories(root.resolve("output/unet"));
    Files.writeString(root.resolve("output/unet/model.safetensors"), "written");
    put("concept" + Saved.LATENTS);
    assertThat(state.isWorthKeeping()).isFalse();
    assertThat(new StateFolder(root.resolve("nowhere")).isWorthKeeping()).isFalse();
  }

  @Test
  void imagesThatCanNotBeSavedOrRemovedAreOneLine() throws IOException {
    Files.writeString(root.resolve("pictures"), "in the way");
    assertThatThrownBy(() -> put(BATCH))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(root.resolve("pictures").toString());
    Files.createDirectories(root.resolve("training.safetensors/full"));
    assertThatThrownBy(() -> state.remove("training"))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(root.resolve("training.safetensors").toString());
  }
}
