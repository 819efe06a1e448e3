package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageTexts;
import org.realera.diffusion.PngWriter;

/** A folder of a model is replaced, and with it what it holds: not what somebody put there. */
class ForeignTest {
  private static final Image IMAGE = new Image(1, 1, new byte[3]);

  @TempDir private Path root;
  private Path model = Path.of("model");
  private Path source = Path.of("source");

  @BeforeEach
  void make() throws IOException {
    model = Files.createDirectories(root.resolve("model"));
    source = Files.createDirectories(root.resolve("source"));
    for (String name : List.of("model_index.json", "realera.json", "unet/config.json")) {
      file(model.resolve(name), "{}");
    }
  }

  private static Path file(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void drawn(Path file) throws IOException {
    PngWriter.write(file, IMAGE, ImageTexts.NONE.prompts(List.of("a cat ".repeat(999))).signed());
  }

  private void replace() {
    OutputChecks.folder(model, true, false, List.of(source));
  }

  private void assertKept(String what) {
    assertThatThrownBy(this::replace)
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(RealeraException.Kind.USAGE);
              assertThat(e.remedy()).startsWith("Move it away, or choose another --out;");
            })
        .hasMessage(
            "the output folder " + model + " holds " + what + ", which is no part of a model");
    OutputChecks.folder(model, false, true, List.of(source));
  }

  @Test
  void whatModelsAndTheirPublishersLeaveIsReplaced() throws IOException {
    List<String> names =
        List.of(
            "README.md",
            "LICENSE",
            ".gitattributes",
            ".cache/huggingface/x.lock",
            "safety_checker/config.json",
            "feature_extractor/preprocessor_config.json",
            "assets/run.json",
            "v1-5-pruned.ckpt",
            "report.html");
    for (String name : names) {
      file(model.resolve(name), "{\"schema\": \"another-run/1\"}");
    }
    PngWriter.write(model.resolve("preview.png"), IMAGE, Map.of("Software", "another"));
    replace();
  }

  @Test
  void aRunIsNot() throws IOException {
    file(model.resolve("runs/a/run.json"), "{\n  \"schema\" : \"realera-eval-run/3\"");
    assertKept("a run, runs/a/run.json");
  }

  @Test
  void anImageThatWasDrawnHereIsNotUnlessItCameWithTheSource() throws IOException {
    drawn(model.resolve("cat.png"));
    assertKept("a picture, cat.png");
    drawn(source.resolve("cat.png"));
    replace();
  }

  @Test
  void neitherIsAnotherModel() throws IOException {
    file(model.resolve("no-dog/model_index.json"), "{}");
    assertKept("another model, no-dog/model_index.json");
  }
}
