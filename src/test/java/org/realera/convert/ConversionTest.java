package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.Progress;
import org.realera.checkpoint.ModelRef;
import org.realera.safetensors.SafetensorsFile;

/** What a conversion may write, and where. */
class ConversionTest {
  @TempDir Path temp;

  @Test
  void anOutputThatExistsIsReplacedWithForceOnly() throws IOException {
    Path out = Files.writeString(temp.resolve("x.safetensors"), "mine");
    MiniatureModel.assertUsage(
        () ->
            Conversion.run(
                request(MiniatureModel.FOLDER, Target.SINGLE_FILE, "x.safetensors", false),
                Progress.NONE),
        "x.s");
    assertThat(out).hasContent("mine");
    Conversion.run(
        request(MiniatureModel.FOLDER, Target.SINGLE_FILE, "x.safetensors", true), Progress.NONE);
    try (SafetensorsFile written = SafetensorsFile.open(out)) {
      assertThat(written.metadata())
          .containsEntry("format", "pt")
          .containsEntry("modelspec.architecture", "stable-diffusion-v1");
    }
  }

  @Test
  void aFolderIsReplacedWithForceOnlyAndOnlyIfItIsAModel() throws IOException {
    Conversion.run(request(MiniatureModel.FOLDER, Target.DIFFUSERS, "model", false), Progress.NONE);
    MiniatureModel.assertUsage(
        () ->
            Conversion.run(
                request(MiniatureModel.FOLDER, Target.DIFFUSERS, "model", false), Progress.NONE),
        "e");
    Conversion.run(request(MiniatureModel.FOLDER, Target.DIFFUSERS, "model", true), Progress.NONE);
    Path home = Files.createDirectory(temp.resolve("home"));
    Files.writeString(home.resolve("letter.txt"), "mine");
    MiniatureModel.assertUsage(
        () ->
            Conversion.run(
                request(MiniatureModel.FOLDER, Target.DIFFUSERS, "home", true), Progress.NONE),
        "is no model folder");
    assertThat(home.resolve("letter.txt")).hasContent("mine");
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left.map(p -> p.getFileName().toString())).containsOnly("model", "home");
    }
  }

  @Test
  void anOutputInsideTheModelOrRoundItIsRefusedThroughALinkToo() throws IOException {
    Path copy = MiniatureModel.changed(temp, Map.of(MiniatureModel.KEYS, 1));
    Files.createSymbolicLink(temp.resolve("link"), copy);
    Files.createSymbolicLink(temp.resolve("round"), temp);
    for (String out : List.of("changed", "changed/out", "link", "link/out", ".", "round")) {
      ConvertRequest request = request(copy, Target.DIFFUSERS, out, true);
      MiniatureModel.assertUsage(() -> Conversion.run(request, Progress.NONE), "overlap");
    }
    for (String out : List.of("changed/x.safetensors", "link/unet/x.safetensors")) {
      ConvertRequest request = request(copy, Target.SINGLE_FILE, out, true);
      MiniatureModel.assertUsage(() -> Conversion.run(request, Progress.NONE), "overlap");
    }
  }

  @Test
  void anEmptyFolderIsTaken() throws IOException {
    Path out = Files.createDirectory(temp.resolve("empty"));
    Conversion.run(request(MiniatureModel.FOLDER, Target.DIFFUSERS, "empty", false), Progress.NONE);
    assertThat(out.resolve("model_index.json")).exists();
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).containsExactly(out);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LORA, x.safetensors, true, 0, --rank is 0",
    "LORA, x.safetensors, true, -3, --rank is -3",
    "DELTA, x.safetensors, false, 1, needs the model",
    "SINGLE_FILE, x.safetensors, true, 1, --base has no use",
    "SINGLE_FILE, x, false, 1, writes a file",
    "KOHYA, x, true, 1, writes a file",
    "DIFFUSERS, x.safetensors, false, 1, writes a folder"
  })
  void aRequestThatMakesNoSenseIsRefused(
      Target to, Path out, boolean withBase, int rank, String message) {
    ModelRef model = new ModelRef("m", temp);
    Optional<ModelRef> base = withBase ? Optional.of(model) : Optional.empty();
    MiniatureModel.assertUsage(
        () ->
            new ConvertRequest(
                model, to, out, base, Optional.empty(), Optional.empty(), rank, false),
        message);
  }

  @Test
  void anUnknownTargetIsRefusedWithTheListOfThoseKnown() {
    MiniatureModel.assertUsage(() -> Target.of("onnx"), "onnx");
    for (Target target : Target.values()) {
      assertThat(Target.of(target.key())).isEqualTo(target);
    }
  }

  private ConvertRequest request(Path model, Target to, String out, boolean force) {
    return new ConvertRequest(
        new ModelRef("m", model),
        to,
        temp.resolve(out),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        force);
  }
}
