package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.SingleFileWriter;
import org.realera.golden.SilentFile;
import org.realera.method.Stage;

/** The miniatures in the original layout. */
class SingleFileErasureTest {
  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "tiny-sd2"})
  void aSingleFileIsErasedToTheSameTensorsAsTheFolder(String miniature) throws IOException {
    Path model = TinyModel.FOLDER.resolveSibling(miniature);
    Path file = root.resolve("tiny.safetensors");
    SingleFileWriter.write(Checkpoint.open(model), Optional.empty(), Map.of(), file);
    run(request(model, root.resolve("folder")));
    run(request(file, root.resolve("single")));
    assertThat(Checkpoint.open(root.resolve("single")).fingerprints())
        .isEqualTo(Checkpoint.open(root.resolve("folder")).fingerprints());
    var contents = TinyModel.contents(root.resolve("single"));
    TinyModel.contents(root.resolve("folder"))
        .forEach(
            (name, hash) -> {
              if (!name.endsWith(".safetensors") && !name.equals("report.html")) {
                assertThat(contents).as(name).containsEntry(name, hash);
              }
            });
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

  private static List<String> notes(EraseRequest request) {
    List<String> notes = new ArrayList<>();
    ProgressListener listener =
        new ProgressListener() {
          @Override
          public void started(Stage stage, long steps) {}

          @Override
          public void advanced(Stage stage, long done, OptionalDouble loss) {}

          @Override
          public void finished(Stage stage, String summary) {}

          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Erasure.run(request, listener, new Interruption(), TinyRuns.CACHE);
    return notes;
  }

  private static EraseRequest request(Path model, Path out) {
    EraseRequest of = TinyModel.request(TinyModel.recipe(), out);
    return new EraseRequest(of.modelRef(), model, of.recipe(), out, of.compute(), false, false);
  }

  private static void run(EraseRequest request) {
    Erasure.run(request, ProgressListener.NONE, new Interruption(), TinyRuns.CACHE);
  }
}
