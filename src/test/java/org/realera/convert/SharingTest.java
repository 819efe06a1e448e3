package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.Progress;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.DiffusersWriter;
import org.realera.checkpoint.ModelRef;
import org.realera.golden.Golden;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/** Deltas and LoRA of the miniature, two of its projections changed by matrices of known rank. */
class SharingTest {
  @TempDir Path temp;
  private final NDManager scope = NDManager.newBaseManager(Device.cpu());

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void aDeltaHoldsTheTensorsThatDifferAndNoOther() {
    Path changed =
        MiniatureModel.changed(temp, Map.of(MiniatureModel.KEYS, 3, MiniatureModel.VALUES, 32));
    ConvertResult result = run(changed, Target.DELTA, "delta.safetensors", 64, Optional.empty());
    assertThat(result.tensors()).isEqualTo(2);
    try (SafetensorsFile delta = SafetensorsFile.open(result.out());
        Weights unet = Checkpoint.open(changed).openUnet()) {
      assertThat(delta.tensors())
          .containsOnlyKeys(MiniatureModel.KEYS + ".weight", MiniatureModel.VALUES + ".weight");
      delta
          .tensors()
          .forEach(
              (name, info) ->
                  assertThat(delta.read(name, scope)).isEqualTo(unet.read(name, scope)));
    }
  }

  @Test
  void aChangeOfLowRankIsFactoredExactly() {
    Path changed =
        MiniatureModel.changed(temp, Map.of(MiniatureModel.KEYS, 3, MiniatureModel.VALUES, 5));
    ConvertResult result = run(changed, Target.LORA, "lora.safetensors", 64, Optional.empty());
    assertThat(result.layers())
        .extracting(ConvertResult.Layer::module, ConvertResult.Layer::exactRank)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(MiniatureModel.KEYS, 3),
            org.assertj.core.groups.Tuple.tuple(MiniatureModel.VALUES, 5));
    assertThat(result.layers())
        .allSatisfy(
            layer -> {
              assertThat(layer.rank()).isEqualTo(5);
              assertThat(layer.exact()).isTrue();
              assertThat(layer.weightError()).isLessThan(1e-7);
            });
    for (String module : List.of(MiniatureModel.KEYS, MiniatureModel.VALUES)) {
      assertThat(missed(changed, result.out(), "unet." + module, ".lora_A", ".lora_B", module))
          .isLessThan(1e-6);
    }
  }

  @Test
  void whatIsCutOffIsWhatIsPrinted() {
    Path changed =
        MiniatureModel.changed(temp, Map.of(MiniatureModel.KEYS, 32, MiniatureModel.VALUES, 5));
    ConvertResult result = run(changed, Target.LORA, "lora.safetensors", 4, Optional.empty());
    ConvertResult.Layer layer = result.layers().get(0);
    assertThat(layer.rank()).isEqualTo(4);
    assertThat(layer.exactRank()).isEqualTo(32);
    assertThat(layer.exact()).isFalse();
    assertThat(layer.error()).isBetween(0.1, 0.99);
    assertThat(
            missed(
                changed,
                result.out(),
                "unet." + MiniatureModel.KEYS,
                ".lora_A",
                ".lora_B",
                MiniatureModel.KEYS))
        .isCloseTo(layer.error(), within(1e-5));
    assertThat(result.notes()).anyMatch(note -> note.contains("--rank 32"));
    assertThat(layer.weightError()).isGreaterThan(2 * result.layers().get(1).weightError());
    try (SafetensorsFile lora = SafetensorsFile.open(result.out());
        Weights unet = Checkpoint.open(changed).openUnet()) {
      for (ConvertResult.Layer one : result.layers()) {
        double weight = unet.read(one.module() + ".weight", scope).norm().getFloat();
        assertThat(one.weightError())
            .isCloseTo(one.error() * one.norm() / weight, withinPercentage(0.01));
      }
      assertThat(lora.metadata())
          .containsEntry("realera.largest_weight_error", String.valueOf(layer.weightError()));
    }
  }

  @Test
  void aBaseThatTheModelWasNotMadeFromIsNoted() throws IOException {
    Path changed = MiniatureModel.changed(temp, Map.of(MiniatureModel.KEYS, 1));
    String base = Checkpoint.open(MiniatureModel.FOLDER).fingerprint("unet");
    assertThat(notesOf(changed, "a.safetensors", base)).isEmpty();
    assertThat(notesOf(changed, "b.safetensors", "ff".repeat(32)))
        .containsExactly(
            "changed says that it was made from a U-Net with SHA-256 ffffffffffff..., "
                + MiniatureModel.FOLDER
                + " has "
                + base.substring(0, 12)
                + "...");
  }

  /** What is noted of a model whose manifest says that its U-Net was made from this. */
  private List<String> notesOf(Path model, String out, String unet) throws IOException {
    Files.writeString(
        model.resolve("realera.json"), "{\"model\": {\"sha256\": {\"unet\": \"" + unet + "\"}}}");
    return run(model, Target.DELTA, out, 1, Optional.empty()).notes();
  }

  @Test
  void whatALoraMissesInAllIsTheRootOfTheSquaresOverTheWholeChange() {
    // |D| 3 and 4, of which 3 * 0.4 = 1.2 and 4 * 0.9 = 3.6 are missed: sqrt(14.4 / 25).
    List<ConvertResult.Layer> layers = List.of(layer(3, 0.4), layer(4, 0.9));
    assertThat(ConvertResult.missed(layers)).isCloseTo(Math.sqrt(14.4 / 25), within(1e-15));
    assertThat(ConvertResult.missed(List.of(layer(0, 0)))).isZero();
    assertThat(ConvertResult.missed(List.of())).isZero();
  }

  private static ConvertResult.Layer layer(double norm, double error) {
    return new ConvertResult.Layer("m", "[2, 2]", norm, 1, 2, error, 0);
  }

  /** A convolution's factors are convolutions: one of its size, then one that mixes channels. */
  @ParameterizedTest
  @CsvSource({
    "LORA, unet.down_blocks.0.resnets.0.conv1",
    "KOHYA, lora_unet_down_blocks_0_resnets_0_conv1"
  })
  void aConvolutionsChangeIsFactoredAsPeftAndKohyaHaveIt(Target to, String key) {
    String name = "down_blocks.0.resnets.0.conv1";
    NDArray flat =
        MiniatureModel.random(scope, 16, 2, 7).matMul(MiniatureModel.random(scope, 2, 144, 8));
    Path changed = with(name + ".weight", flat.reshape(16, 16, 3, 3));
    ConvertResult result = run(changed, to, "lora.safetensors", 8, Optional.empty());
    assertThat(result.layers())
        .singleElement()
        .satisfies(
            layer -> {
              assertThat(layer.exactRank()).isEqualTo(2);
              assertThat(layer.error()).isLessThan(1e-5);
            });
    String suffix = to == Target.LORA ? ".lora_A,.lora_B" : ".lora_down,.lora_up";
    try (SafetensorsFile lora = SafetensorsFile.open(result.out())) {
      NDArray down = lora.read(key + suffix.split(",", -1)[0] + ".weight", scope);
      NDArray up = lora.read(key + suffix.split(",", -1)[1] + ".weight", scope);
      assertThat(down.getShape()).isEqualTo(new Shape(2, 16, 3, 3));
      assertThat(up.getShape()).isEqualTo(new Shape(16, 2, 1, 1));
      NDArray product = up.reshape(16, 2).matMul(down.reshape(2, 144));
      assertThat(product.sub(flat).norm().getFloat()).isLessThan(1e-5f * flat.norm().getFloat());
    }
  }

  @Test
  void aNormOrBiasThatDiffersGoesIntoADeltaButIntoNoLora() {
    Path changed = with("conv_norm_out.bias", scope.ones(new Shape(16)));
    MiniatureModel.assertUsage(
        () -> run(changed, Target.LORA, "lora.safetensors", 8, Optional.empty()),
        "differs in conv_norm_out.bias [16], which is no weight of a linear layer or convolution");
    assertThat(run(changed, Target.DELTA, "delta.safetensors", 8, Optional.empty()).tensors())
        .isEqualTo(1);
  }

  /** A copy of the miniature with a change added to one tensor. */
  private Path with(String name, NDArray change) {
    Checkpoint model = Checkpoint.open(MiniatureModel.FOLDER);
    Path copy = temp.resolve("changed");
    try (Weights unet = model.openUnet()) {
      DiffusersWriter.write(model, Map.of(name, unet.read(name, scope).add(change)), copy);
    }
    return copy;
  }

  @Test
  void aCutLoraIsAnnouncedWithItsShareOfTheWholeChange() {
    // Singular values 4, 3, 2, 2 of one layer and 2, 1 of another; rank 2 drops 2 and 2: 8 of 38.
    Path changed =
        MiniatureModel.withSingularValues(
            temp,
            Map.of(
                MiniatureModel.KEYS, new float[] {4, 3, 2, 2},
                MiniatureModel.VALUES, new float[] {2, 1}));
    ConvertResult result = run(changed, Target.LORA, "lora.safetensors", 2, Optional.empty());
    assertThat(result.missed()).isCloseTo(Math.sqrt(8.0 / 38), within(1e-5));
    assertThat(result.notes())
        .anyMatch(
            note ->
                note.startsWith(
                    "rank 2 misses 46 % of the change (Frobenius norm, all layers together); "));
  }

  @Test
  void sharesHaveTwoDigitsAndNoExponent() {
    assertThat(List.of(0.6623, 0.0662, 0.0006618, 0.9962, 1e-7))
        .extracting(Sharing::percent)
        .containsExactly("66 %", "6.6 %", "0.066 %", "99.6 %", "0.00001 %");
  }

  @Test
  void kohyasKeysCarryAlphaAndMetadata() {
    Path changed = MiniatureModel.changed(temp, Map.of(MiniatureModel.KEYS, 2));
    ConvertResult result = run(changed, Target.KOHYA, "kohya.safetensors", 8, Optional.empty());
    String name = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k";
    try (SafetensorsFile file = SafetensorsFile.open(result.out())) {
      assertThat(file.tensors())
          .containsOnlyKeys(name + ".lora_down.weight", name + ".lora_up.weight", name + ".alpha");
      assertThat(file.read(name + ".alpha", scope).getFloat()).isEqualTo(2);
      assertThat(file.tensors().get(name + ".alpha").shape()).isEmpty();
      assertThat(file.metadata())
          .containsEntry("ss_network_module", "networks.lora")
          .containsEntry("ss_network_dim", "2")
          .containsEntry("ss_network_alpha", "2")
          .containsEntry("ss_base_model_version", "sd_v1")
          .containsEntry("ss_v2", "False")
          .containsEntry("modelspec.architecture", "stable-diffusion-v1/lora")
          .containsEntry("realera.base", "tiny-sd")
          .containsEntry(
              "realera.base.sha256.unet",
              Checkpoint.open(MiniatureModel.FOLDER).fingerprints().get("unet"));
    }
    assertThat(missed(changed, result.out(), name, ".lora_down", ".lora_up", MiniatureModel.KEYS))
        .isLessThan(1e-6);
  }

  @Test
  void stableDiffusion2IsCalledSoInTheMetadata() {
    Path second = Golden.path("tiny-sd2");
    Path changed = MiniatureModel.changed(second, temp, Map.of(MiniatureModel.KEYS, 2));
    ConvertRequest kohya =
        new ConvertRequest(
            new ModelRef("changed", changed),
            Target.KOHYA,
            temp.resolve("kohya.safetensors"),
            Optional.of(new ModelRef("tiny-sd2", second)),
            Optional.empty(),
            Optional.empty(),
            8,
            false);
    ConvertResult result = Conversion.run(kohya, Progress.NONE);
    try (SafetensorsFile file = SafetensorsFile.open(result.out())) {
      assertThat(file.metadata())
          .containsEntry("ss_v2", "True")
          .containsEntry("ss_base_model_version", "sd_v2_v")
          .containsEntry("modelspec.prediction_type", "v")
          .containsEntry("modelspec.architecture", "stable-diffusion-v2-768-v/lora");
    }
  }

  /** bfloat16 has no 277: a LoRA that is scaled by alpha / rank would be too weak. */
  @Test
  void alphaIsTheRankWhateverTheFactorsType() {
    float[] one = {1};
    NDArray factor = scope.create(one, new Shape(1, 1));
    var factors = new LowRank.Factors(factor, factor, 0, 0);
    TensorSource alpha =
        LoraTensors.of(Target.KOHYA, "m", factors, 277, DType.BF16).stream()
            .filter(tensor -> tensor.info().name().endsWith(".alpha"))
            .findFirst()
            .orElseThrow();
    assertThat(alpha.info().dtype()).isEqualTo(DType.F32);
  }

  @ParameterizedTest
  @CsvSource({"F16, 1e-3", "BF16, 8e-3"})
  void aNarrowTypeRoundsTheFactorsAndTheErrorSaysSo(DType dtype, double limit) {
    Path changed = MiniatureModel.changed(temp, Map.of(MiniatureModel.KEYS, 3));
    ConvertResult result = run(changed, Target.LORA, "l.safetensors", 64, Optional.of(dtype));
    double error = result.layers().get(0).error();
    assertThat(error).isBetween(limit / 100, limit);
    assertThat(
            missed(
                changed,
                result.out(),
                "unet." + MiniatureModel.KEYS,
                ".lora_A",
                ".lora_B",
                MiniatureModel.KEYS))
        .isCloseTo(error, within(1e-6));
  }

  @Test
  void aLoraFolderGetsTheNameThatDiffusersLooksFor() {
    ConvertResult result =
        run(
            MiniatureModel.changed(temp, Map.of(MiniatureModel.KEYS, 1)),
            Target.LORA,
            "f",
            4,
            Optional.empty());
    assertThat(result.out()).isEqualTo(temp.resolve("f/pytorch_lora_weights.safetensors"));
    assertThat(result.out()).exists();
  }

  @Test
  void twoModelsOfTheSameValuesHaveNothingToShare() {
    MiniatureModel.assertUsage(
        () -> run(MiniatureModel.FOLDER, Target.DELTA, "delta.safetensors", 64, Optional.empty()),
        "have the same values");
  }

  @Test
  void aModelThatDiffersOutsideTheUNetIsNotShared() throws IOException {
    Path changed = MiniatureModel.changed(temp, Map.of(MiniatureModel.KEYS, 1));
    Path vae = changed.resolve("vae/diffusion_pytorch_model.safetensors");
    byte[] bytes = Files.readAllBytes(vae);
    bytes[bytes.length - 1] ^= 1;
    Files.write(vae, bytes);
    MiniatureModel.assertUsage(
        () -> run(changed, Target.DELTA, "delta.safetensors", 64, Optional.empty()),
        "in more than values of the U-Net: vae.");
    assertThat(temp.resolve("delta.safetensors")).doesNotExist();
  }

  private ConvertResult run(Path model, Target to, String out, int rank, Optional<DType> dtype) {
    ModelRef base = new ModelRef(MiniatureModel.FOLDER.toString(), MiniatureModel.FOLDER);
    return Conversion.run(
        new ConvertRequest(
            new ModelRef("changed", model),
            to,
            temp.resolve(out),
            Optional.of(base),
            dtype,
            Optional.empty(),
            rank,
            false),
        Progress.NONE);
  }

  /** |D - B A| / |D| of what stands in the file. */
  private double missed(
      Path changed, Path file, String name, String down, String up, String module) {
    try (SafetensorsFile lora = SafetensorsFile.open(file);
        Weights after = Checkpoint.open(changed).openUnet();
        Weights before = Checkpoint.open(MiniatureModel.FOLDER).openUnet()) {
      NDArray delta =
          after.read(module + ".weight", scope).sub(before.read(module + ".weight", scope));
      NDArray product =
          wide(lora.read(name + up + ".weight", scope))
              .matMul(wide(lora.read(name + down + ".weight", scope)));
      return product.sub(delta).norm().getFloat() / delta.norm().getFloat();
    }
  }

  private static NDArray wide(NDArray array) {
    return array.toType(ai.djl.ndarray.types.DataType.FLOAT32, true);
  }
}
