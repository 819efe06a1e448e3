package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.golden.Golden;
import org.realera.golden.SilentFile;
import org.realera.hub.ModelLocator;
import org.realera.hub.Wanted;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;

/** {@code realera model list, info, convert} on the miniature. */
class ModelCommandsTest {
  private static final String UNET = "unet/diffusion_pytorch_model.safetensors";

  @TempDir private Path temp;

  /** Finds models where they are. */
  private static final class LocalCore extends CommandRun.FakeCore {
    @Override
    public Path locate(String reference, Wanted wanted, Map<String, String> env) {
      return ModelLocator.locate(reference, wanted, env);
    }
  }

  private CommandRun run(String... args) {
    Map<String, String> env = Map.of("HF_HUB_CACHE", temp.resolve("hub").toString());
    return CommandRun.with(new LocalCore(), env, args);
  }

  private static String tiny() {
    return Golden.path("tiny-sd").toString();
  }

  private String at(String name) {
    return temp.resolve(name).toString();
  }

  @Test
  void convertReplacesAFileOnlyWithForce() throws IOException {
    Path there = Files.writeString(temp.resolve("t.safetensors"), "mine");
    String[] args = {"model", "convert", tiny(), "--to", "single-file", "-o", there.toString()};
    CommandRun refused = run(args);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("the output " + there + " exists");
    assertThat(there).hasContent("mine");
    CommandRun forced =
        run(Stream.concat(Stream.of(args), Stream.of("--force")).toArray(String[]::new));
    assertThat(forced.code()).as(forced.err()).isZero();
    SafetensorsFile.open(there).close();
  }

  @Test
  void aFolderBecomesAFileAndAFolderAgainAndInfoSeesNoDifference() {
    CommandRun single =
        run("model", "convert", tiny(), "--to", "single-file", "-o", at("t.safetensors"));
    assertThat(single.code()).as(single.err()).isZero();
    assertThat(single.out()).startsWith(at("t.safetensors") + ": single-file, ");
    CommandRun folder =
        run("model", "convert", at("t.safetensors"), "--to", "diffusers", "-o", at("back"));
    assertThat(folder.code()).as(folder.err()).isZero();
    CommandRun info = run("model", "info", at("back"), "--diff", tiny());
    assertThat(info.code()).as(info.err()).isZero();
    assertThat(info.out())
        .contains("a Stable Diffusion 1 model of reduced size")
        .contains("made by       not known (it has no realera.json)")
        .contains("All values are those of " + tiny());
  }

  @Test
  void infoTellsOfTheLicenceWhatTheModelTells() throws IOException {
    run("model", "convert", tiny(), "--to", "diffusers", "-o", at("copy"));
    assertThat(run("model", "info", at("copy")).out()).contains("license       not stated\n");
    Files.createDirectories(temp.resolve("copy/licenses"));
    Files.writeString(temp.resolve("copy/ATTRIBUTION.md"), "by many");
    assertThat(run("model", "info", at("copy")).out())
        .contains("license       see ATTRIBUTION.md and licenses in the model\n");
  }

  @Test
  void infoTellsWhichTensorsDifferAndByHowMuch() throws IOException {
    run("model", "convert", tiny(), "--to", "diffusers", "-o", at("changed"));
    Path unet = temp.resolve("changed/unet/diffusion_pytorch_model.safetensors");
    String last;
    try (SafetensorsFile file = SafetensorsFile.open(unet);
        FileChannel channel = FileChannel.open(unet, StandardOpenOption.WRITE)) {
      last = file.inFileOrder().get(file.inFileOrder().size() - 1).name();
      ByteBuffer nine = ByteBuffer.wrap(new byte[] {0, 0, 0x10, 0x41}); // 9 as float32
      channel.write(nine, channel.size() - Float.BYTES);
    }
    JsonNode json = json(run("model", "info", at("changed"), "--diff", tiny(), "--json"));
    assertThat(json.at("/diff/changed")).hasSize(1);
    JsonNode difference = json.path("diff").path("changed").path("unet." + last);
    assertThat(difference.path("largest").asDouble()).isBetween(7.0, 11.0);
    assertThat(difference.path("relative").asDouble()).isGreaterThan(0.5);
    String text = run("model", "info", at("changed"), "--diff", tiny()).out();
    assertThat(text).contains("1 tensors differ from").contains("unet." + last);
  }

  @Test
  void infoCountsPartsAndTypesAsJson() throws IOException {
    run(
        "model",
        "convert",
        tiny(),
        "--to",
        "single-file",
        "--dtype",
        "fp16",
        "-o",
        at("h.safetensors"));
    JsonNode json = json(run("model", "info", at("h.safetensors"), "--json"));
    assertThat(json.path("form").asText()).isEqualTo("single file");
    assertThat(json.path("supported").asBoolean()).isTrue();
    assertThat(json.at("/parts/unet/types/F16")).isEqualTo(json.at("/parts/unet/tensors"));
    long parameters = 0;
    for (String part : List.of("unet", "vae", "text_encoder")) {
      parameters += json.path("parts").path(part).path("parameters").asLong();
    }
    assertThat(json.path("parameters").asLong()).isEqualTo(parameters).isGreaterThan(200_000);
    assertThat(json.path("bytes").asLong()).isEqualTo(2 * parameters);
    JsonNode diff = json(run("model", "info", at("h.safetensors"), "--diff", tiny(), "--json"));
    assertThat(diff.at("/diff/changed").size()).isPositive();
  }

  @Test
  void infoNamesAFileOfAnotherKind() {
    SafetensorsWriter.write(
        temp.resolve("xl.safetensors"),
        Map.of("modelspec.title", "Somebody's model"),
        List.of(
            TensorSource.of(
                "conditioner.embedders.1.x", DType.F32, List.of(3L), new float[] {1, 2, 3})));
    CommandRun run = run("model", "info", at("xl.safetensors"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("a Stable Diffusion XL model (realera can't work with it)")
        .contains("Somebody's model")
        .contains("3 parameters in 1 tensors, F32");
  }

  @Test
  void whatAFileOfStableDiffusion2PredictsIsToldAndCanBeSaid() throws IOException {
    String second = String.valueOf(Path.of(tiny()).resolveSibling("tiny-sd2"));
    run("model", "convert", second, "--to", "single-file", "-o", at("t.safetensors"));
    CommandRun own = run("model", "info", at("t.safetensors"));
    assertThat(own.out())
        .contains("a Stable Diffusion 2 model of reduced size")
        .contains("DDIMScheduler, v_prediction")
        .doesNotContain("predicts");
    try (SafetensorsFile file = SafetensorsFile.open(temp.resolve("t.safetensors"))) {
      assertThat(file.metadata())
          .containsEntry("modelspec.architecture", "stable-diffusion-v2-768-v")
          .containsEntry("modelspec.prediction_type", "v");
    }
    SilentFile.write(temp.resolve("silent.safetensors"), temp.resolve("s.safetensors"));
    CommandRun silent = run("model", "info", at("silent.safetensors"));
    assertThat(silent.out())
        .contains("predicts      v_prediction, guessed from the weights: the file does not say");
    CommandRun guessed =
        run("model", "convert", at("silent.safetensors"), "--to", "diffusers", "-o", at("guessed"));
    assertThat(guessed.err())
        .containsOnlyOnce(
            at("silent.safetensors")
                + " does not say what it predicts; by its weights v_prediction");
    CommandRun said =
        run(
            "model",
            "convert",
            at("silent.safetensors"),
            "--prediction",
            "epsilon",
            "--to",
            "diffusers",
            "-o",
            at("said"));
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err()).doesNotContain("does not say");
    assertThat(run("model", "info", at("said")).out()).contains("DDIMScheduler, epsilon");
  }

  @Test
  void theListHasPocketAndSaysWhereTheCacheIs() throws IOException {
    assertThat(run("model", "list").out()).startsWith("pocket ");
    Files.createDirectories(temp.resolve("hub/models--org--torn"));
    CommandRun run = run("model", "list");
    assertThat(run.out())
        .contains("org/torn")
        .contains("not complete; run realera model pull org/torn\n");
    assertThat(run.err()).contains(at("hub"));
    JsonNode json = json(run("model", "list", "--json"));
    assertThat(json.at("/models/0/name").asText()).isEqualTo("org/torn");
    assertThat(json.at("/models/0/ready").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "--to onnx, 2, can't be converted to 'onnx'",
    "--to lora --rank 0 --base TINY, 2, --rank is 0",
    "--to single-file --rank 3, 2, --rank has no use",
    "--to single-file --dtype fp8, 2, unknown dtype 'fp8'",
    "--to single-file --prediction x, 2, unknown prediction 'x'",
    "--to single-file --prediction v, 2, --prediction is for single files",
    "--to lora --base TINY --prediction v, 2, --prediction has no use",
    "--to delta, 2, needs the model that",
    "--to delta --base nowhere, 3, there is no model nowhere",
    "--to delta --base TINY, 2, there is nothing to share"
  })
  void whatMakesNoSenseIsRefusedAndNothingIsWritten(String options, int code, String message) {
    String line = "model convert TINY -o OUT " + options;
    CommandRun run =
        run(line.replace("TINY", tiny()).replace("OUT", at("out.safetensors")).split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).contains(message);
    assertThat(temp.resolve("out.safetensors")).doesNotExist();
  }

  @Test
  void noFactorsOfALoraAreOfAHigherRankThanIsAskedFor() throws IOException {
    run("model", "convert", tiny(), "--to", "diffusers", "-o", at("changed"));
    String projection = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight";
    try (SafetensorsFile unet = SafetensorsFile.open(Path.of(tiny(), UNET));
        NDManager scope = NDManager.newBaseManager()) {
      NDArray weight = unet.read(projection, scope);
      NDArray five = scope.eye(5, (int) weight.getShape().get(1), 0, DataType.FLOAT32);
      NDArray first = weight.get("0:5").add(five);
      SafetensorsWriter.write(
          temp.resolve("changed").resolve(UNET),
          Map.of(),
          unet.tensors().keySet().stream()
              .map(
                  name ->
                      name.equals(projection)
                          ? TensorSource.of(name, DType.F32, first.concat(weight.get("5:")))
                          : TensorSource.stored(unet, name))
              .toList());
    }
    String line = "model convert CHANGED --to lora --base TINY --json -o OUT --rank ";
    line = line.replace("CHANGED", at("changed")).replace("TINY", tiny());
    for (int rank : List.of(2, 64)) {
      String out = at(rank + ".safetensors");
      JsonNode layers = json(run((line.replace("OUT", out) + rank).split(" "))).path("layers");
      assertThat(layers).hasSize(1);
      assertThat(layers.at("/0/rank").asInt()).isEqualTo(Math.min(rank, 5));
    }
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  @ParameterizedTest
  @CsvSource({"single-file, x.safetensors", "diffusers, x"})
  void aSignalStopsAConversionBeforeItsNextTensorAndNothingIsWritten(String form, String name) {
    CommandRun run =
        CommandRun.interrupted(
            new LocalCore(), "model", "convert", tiny(), "--to", form, "-o", at("new/" + name));
    assertThat(run.code()).isEqualTo(130);
    assertThat(run.err()).contains("realera: stopped: nothing was written");
    assertThat(temp).isEmptyDirectory();
  }
}
