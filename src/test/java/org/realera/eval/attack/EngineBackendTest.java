package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.golden.SilentFile;
import org.realera.tensor.ComputeChoice;

class EngineBackendTest {
  @TempDir private Path folder;

  /** Of the model and of its baseline, and once if they are the same. */
  @Test
  void aPredictionThatHadToBeGuessedIsTold() throws IOException {
    Path silent = folder.resolve("silent.safetensors");
    Path said = folder.resolve("said.safetensors");
    SilentFile.write(silent, said);
    String told = silent + " does not say what it predicts";
    assertThat(notes(said, said)).isEmpty();
    for (List<String> notes : List.of(notes(said, silent), notes(silent, said))) {
      assertThat(notes).singleElement().asString().startsWith(told);
    }
    assertThat(notes(silent, silent)).hasSize(1);
    assertThat(notes(silent, null)).hasSize(1);
  }

  private List<String> notes(Path model, @Nullable Path baseline) {
    AttackRequest request =
        AttackLine.PLAIN
            .model(model.toString())
            .baseline(baseline == null ? null : baseline.toString())
            .to(folder.resolve("run"));
    List<String> notes = new ArrayList<>();
    new EngineBackend(ComputeChoice.of("cpu", "fp32")).open(request, notes::add).close();
    return notes;
  }
}
