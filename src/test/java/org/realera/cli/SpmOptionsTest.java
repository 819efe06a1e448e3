package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.campaign.ErasedModel;
import org.realera.eval.suite.SuiteReader;
import org.realera.golden.Golden;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What --spm says was erased. */
class SpmOptionsTest {
  @TempDir private Path folder;

  private static ErasedModel erased(Path spm, Path model, @Nullable String concept) {
    SpmOptions options = new SpmOptions();
    CommandSpec spec =
        CommandSpec.create().addMixin("spm", CommandSpec.forAnnotatedObject(options));
    new CommandLine(spec).parseArgs("--spm", spm.toString());
    return options.erased(model, SuiteReader.read("cifar10"), concept, null);
  }

  private Path adapters(String name, String prompts) {
    Path file = folder.resolve(name);
    float[] numbers = {1};
    SafetensorsWriter.write(
        file,
        Map.of("prompts", prompts),
        List.of(TensorSource.of("one", DType.F32, List.of(1L), numbers)));
    return file;
  }

  private void manifest(String method) throws IOException {
    Files.writeString(
        folder.resolve("realera.json"),
        "{\"recipe\": {\"method\": \"%s\", \"concepts\": [{\"concept\": \"cat\", \"anchor\": \"sofa\"}]}}"
            .formatted(method));
  }

  @Test
  void aFileNamesTheFirstConceptThatTheSuiteKnows() throws IOException {
    manifest("spm"); // of the model, which is not asked
    Path file = adapters("boats.safetensors", "a boat, Ship, truck");
    assertThat(erased(file, folder, null)).isEqualTo(new ErasedModel("ship", null, true));
    assertThat(erased(file, folder, "truck")).isEqualTo(new ErasedModel("truck", null, false));
  }

  @Test
  void whatTheSuiteDoesNotKnowIsNotMeasured() {
    Path authors = Golden.path("spm-authors.safetensors"); // house, the city
    assertThat(erased(authors, folder, null)).isEqualTo(new ErasedModel(null, null, false));
  }

  @Test
  void aFileInTheFolderThatSpmWroteSaysWhatTheFolderSays() throws IOException {
    Path file = adapters("spm.safetensors", "ship");
    manifest("spm");
    ErasedModel whole = new ErasedModel("cat", "sofa", true);
    assertThat(erased(folder, Path.of("none"), null)).isEqualTo(whole);
    assertThat(erased(file, Path.of("none"), null)).isEqualTo(whole);
    assertThat(erased(file, Path.of("none"), "cat"))
        .isEqualTo(new ErasedModel("cat", "sofa", false));
    manifest("uce");
    assertThat(erased(file, Path.of("none"), null)).isEqualTo(new ErasedModel("ship", null, true));
  }

  @Test
  void aFileThatIsNoneOfSpmIsRefused() {
    Path file = adapters("other.safetensors", "");
    assertThatThrownBy(() -> erased(file, folder, null))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("other.safetensors is no file of SPM");
    assertThat(erased(file, folder, "cat")).isEqualTo(new ErasedModel("cat", null, false));
    Path missing = folder.resolve("missing.safetensors"); // the drawing says so
    assertThat(erased(missing, folder, null)).isEqualTo(new ErasedModel(null, null, false));
  }
}
