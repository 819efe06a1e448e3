package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.Device;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.DiffusersWriter;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.SingleFiles;
import org.realera.diffusion.Pipeline;
import org.realera.files.Json;
import org.realera.golden.Golden;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.tensor.Compute;
import org.realera.tensor.Precision;

class BrokenWeightsTest {
  private static final Path TINY = Golden.path("tiny-sd");

  @TempDir private Path temp;

  @ParameterizedTest
  @EnumSource(Target.class)
  void weightsThatAreNotNumbersAreNotPassedOn(Target target) throws IOException {
    Path broken = temp.resolve("broken");
    DiffusersWriter.write(Checkpoint.open(TINY), Map.of(), broken);
    Path unet = broken.resolve("unet/diffusion_pytorch_model.safetensors");
    byte[] bytes = Files.readAllBytes(unet);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
    Files.write(unet, bytes);
    Path out = temp.resolve(target == Target.DIFFUSERS ? "out" : "out.safetensors");
    Optional<ModelRef> base =
        target.needsBase() ? Optional.of(new ModelRef("tiny", TINY)) : Optional.empty();
    ConvertRequest request =
        new ConvertRequest(
            new ModelRef("broken", broken),
            target,
            out,
            base,
            Optional.empty(),
            Optional.empty(),
            8,
            false);
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> Conversion.run(request, Progress.NONE));
    assertThat(e).hasMessageContainingAll(unet.toString(), "NaN or infinity");
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(out).doesNotExist();
  }

  /** What is passed on byte for byte is looked at all the same. */
  @Test
  void aModelWithoutOneOfItsTensorsIsNotPassedOn() throws IOException {
    Path broken = temp.resolve("broken");
    DiffusersWriter.write(Checkpoint.open(TINY), Map.of(), broken);
    String name = "unet/diffusion_pytorch_model.safetensors";
    try (SafetensorsFile whole = SafetensorsFile.open(TINY.resolve(name))) {
      List<TensorSource> rest =
          whole.tensors().keySet().stream()
              .filter(tensor -> !tensor.equals("conv_in.bias"))
              .map(tensor -> TensorSource.stored(whole, tensor))
              .toList();
      SafetensorsWriter.write(broken.resolve(name), Map.of(), rest);
    }
    Path out = temp.resolve("out");
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> convert(broken, Target.DIFFUSERS, out));
    assertThat(e).hasMessageContainingAll(broken.resolve(name).toString(), "conv_in.bias [16]");
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(out).doesNotExist();
  }

  @Test
  void licencesTravelInASingleFile() throws IOException {
    Path model = temp.resolve("model");
    DiffusersWriter.write(Checkpoint.open(TINY), Map.of(), model);
    Files.createDirectories(model.resolve("licenses"));
    Files.writeString(model.resolve("licenses/MIT.txt"), "as is");
    Path file = temp.resolve("one.safetensors");
    convert(model, Target.SINGLE_FILE, file);
    Path again = temp.resolve("again");
    convert(file, Target.DIFFUSERS, again);
    assertThat(again.resolve("licenses/MIT.txt")).hasContent("as is");
  }

  @Test
  void aLicenceIsFoundBehindAByteOrderMarkAndAmongOtherBytes() throws IOException {
    Path model = temp.resolve("model");
    DiffusersWriter.write(Checkpoint.open(TINY), Map.of(), model);
    byte[] card = "\ufeff---\nlicense: mit\n---\n\u00e9".getBytes(StandardCharsets.UTF_8);
    Files.write(model.resolve("README.md"), Arrays.copyOf(card, card.length - 1));
    assertThat(FileMetadata.license("m", Checkpoint.open(model), Optional.empty()))
        .isEqualTo("mit");
  }

  /** However long it is; on the line of the key or below; nowhere but in front matter that ends. */
  @Test
  void aLicenceIsWhatTheFrontMatterSays() throws IOException {
    Path model = temp.resolve("model");
    DiffusersWriter.write(Checkpoint.open(TINY), Map.of(), model);
    String many = "tags: x\n".repeat(60_000);
    assertThat(license(model, "---\n" + many + "license:  mit \n" + many + "---\n"))
        .isEqualTo("mit");
    assertThat(license(model, "---\r\nlicense:\r\n- mit\r\n---\r\n")).isEqualTo("- mit");
    for (String none :
        List.of(
            "---\n" + many + "---\nlicense: mit\n",
            "---\n" + "license:\n".repeat(60_000),
            "---\nlicense:\ntags: x\n---\n",
            "---\nlicense: mit\n",
            "license: mit\n---\n",
            "")) {
      assertThat(license(model, none)).isEqualTo("not stated");
    }
  }

  /** What a file's own metadata say is not replaced by "not stated". */
  @Test
  void aSingleFilesLicenceIsThatOfItsMetadata() throws IOException {
    Path file = temp.resolve("theirs.safetensors");
    SingleFiles.write(
        Checkpoint.open(TINY), Optional.empty(), Map.of("modelspec.license", "mine alone"), file);
    assertThat(FileMetadata.license("m", Checkpoint.open(file), Optional.empty()))
        .isEqualTo("mine alone");
    SingleFiles.write(
        Checkpoint.open(TINY), Optional.empty(), Map.of("modelspec.license", "not stated"), file);
    assertThat(
            FileMetadata.license(
                "CompVis/stable-diffusion-v1-4", Checkpoint.open(file), Optional.empty()))
        .isEqualTo("creativeml-openrail-m");
    SingleFiles.write(Checkpoint.open(TINY), Optional.empty(), Map.of(), file);
    assertThat(FileMetadata.license("m", Checkpoint.open(file), Optional.empty()))
        .isEqualTo("not stated");
  }

  private static String license(Path model, String card) throws IOException {
    Files.writeString(model.resolve("README.md"), card);
    return FileMetadata.license("m", Checkpoint.open(model), Optional.empty());
  }

  /** Else from_pretrained would look for it in the copy. */
  @Test
  void aListedSafetyCheckerWithoutAFolderIsNotListedInACopy() throws IOException {
    Path model = temp.resolve("model");
    DiffusersWriter.write(Checkpoint.open(TINY), Map.of(), model);
    ObjectNode index = (ObjectNode) Json.read(model.resolve("model_index.json"));
    index.putArray("safety_checker").add("stable_diffusion").add("StableDiffusionSafetyChecker");
    Json.write(model.resolve("model_index.json"), index);
    Path copy = temp.resolve("copy");
    convert(model, Target.DIFFUSERS, copy);
    assertThat(Json.read(copy.resolve("model_index.json")).get("safety_checker").toString())
        .isEqualTo("[null,null]");
    Path edited = temp.resolve("edited");
    DiffusersWriter.write(Checkpoint.open(model), Map.of(), edited);
    assertThat(Json.read(edited.resolve("model_index.json")).get("safety_checker").toString())
        .isEqualTo("[null,null]");
  }

  @Test
  void imagesAreNotDrawnWithWeightsThatAreNotNumbers() throws IOException {
    Path broken = temp.resolve("broken");
    DiffusersWriter.write(Checkpoint.open(TINY), Map.of(), broken);
    Path vae = broken.resolve("vae/diffusion_pytorch_model.safetensors");
    byte[] bytes = Files.readAllBytes(vae);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(bytes.length - 4, Float.POSITIVE_INFINITY);
    Files.write(vae, bytes);
    Compute cpu = new Compute(Device.cpu(), Precision.FP32);
    RealeraException e =
        catchThrowableOfType(
            RealeraException.class,
            () -> Pipeline.load(Checkpoint.open(broken), cpu, note -> {}).close());
    assertThat(e).hasMessageContainingAll(vae.toString(), "tensor ", "NaN or infinity");
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
  }

  private static void convert(Path from, Target target, Path out) {
    Conversion.run(
        new ConvertRequest(
            new ModelRef("m", from),
            target,
            out,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            8,
            false),
        Progress.NONE);
  }
}
