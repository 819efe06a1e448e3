package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.DiffusersModel;
import org.realera.checkpoint.DiffusersWriter;
import org.realera.golden.Golden;
import org.realera.tensor.DType;
import org.realera.tensor.SafetensorsFile;
import org.realera.tensor.Weights;

/** On the miniature: two of its projections [32, 32] changed by matrices of known rank. */
class ConversionTest {
  private static final String KEYS = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k";
  private static final String VALUES = "mid_block.attentions.0.transformer_blocks.0.attn2.to_v";

  @TempDir Path temp;
  private final NDManager scope = NDManager.newBaseManager(Device.cpu());

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void aDeltaHoldsTheTensorsThatDifferAndNoOther() {
    Path changed = changed(Map.of(KEYS, 3, VALUES, 32));
    ConvertResult result = run(changed, Target.DELTA, "delta.safetensors", 64, Optional.empty());
    assertThat(result.tensors()).isEqualTo(2);
    try (SafetensorsFile delta = SafetensorsFile.open(result.out());
        Weights unet = DiffusersModel.open(changed).openUnet()) {
      assertThat(delta.tensors()).containsOnlyKeys(KEYS + ".weight", VALUES + ".weight");
      delta
          .tensors()
          .forEach(
              (name, info) ->
                  assertThat(delta.read(name, scope)).isEqualTo(unet.read(name, scope)));
    }
  }

  @Test
  void aChangeOfLowRankIsFactoredExactly() {
    Path changed = changed(Map.of(KEYS, 3, VALUES, 5));
    ConvertResult result = run(changed, Target.LORA, "lora.safetensors", 64, Optional.empty());
    assertThat(result.layers())
        .extracting(ConvertResult.Layer::module, ConvertResult.Layer::exactRank)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(KEYS, 3),
            org.assertj.core.groups.Tuple.tuple(VALUES, 5));
    assertThat(result.layers())
        .allSatisfy(
            layer -> {
              assertThat(layer.rank()).isEqualTo(5);
              assertThat(layer.exact()).isTrue();
              assertThat(layer.weightError()).isLessThan(1e-7);
            });
    for (String module : List.of(KEYS, VALUES)) {
      assertThat(missed(changed, result.out(), "unet." + module, ".lora_A", ".lora_B", module))
          .isLessThan(1e-6);
    }
  }

  @Test
  void whatIsCutOffIsWhatIsPrinted() {
    Path changed = changed(Map.of(KEYS, 32));
    ConvertResult result = run(changed, Target.LORA, "lora.safetensors", 4, Optional.empty());
    ConvertResult.Layer layer = result.layers().get(0);
    assertThat(layer.rank()).isEqualTo(4);
    assertThat(layer.exactRank()).isEqualTo(32);
    assertThat(layer.exact()).isFalse();
    assertThat(layer.error()).isBetween(0.1, 0.99);
    assertThat(missed(changed, result.out(), "unet." + KEYS, ".lora_A", ".lora_B", KEYS))
        .isCloseTo(layer.error(), within(1e-5));
    assertThat(result.notes()).anyMatch(note -> note.contains("--rank 32"));
  }

  @Test
  void kohyasKeysCarryAlphaAndMetadata() {
    Path changed = changed(Map.of(KEYS, 2));
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
          .containsEntry("modelspec.architecture", "stable-diffusion-v1/lora")
          .containsEntry("realera.base", "tiny-sd")
          .containsEntry(
              "realera.base.sha256.unet", DiffusersModel.open(tiny()).fingerprints().get("unet"));
    }
    assertThat(missed(changed, result.out(), name, ".lora_down", ".lora_up", KEYS))
        .isLessThan(1e-6);
  }

  @Test
  void stableDiffusion2IsCalledSoInTheMetadata() {
    Path second = tiny().resolveSibling("tiny-sd2");
    Path changed = changed(second, Map.of(KEYS, 2));
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
    try (SafetensorsFile file = SafetensorsFile.open(Conversion.run(kohya, NONE).out())) {
      assertThat(file.metadata())
          .containsEntry("ss_v2", "True")
          .containsEntry("ss_base_model_version", "sd_v2_v")
          .containsEntry("modelspec.prediction_type", "v")
          .containsEntry("modelspec.architecture", "stable-diffusion-v2-768-v/lora");
    }
  }

  @ParameterizedTest
  @CsvSource({"F16, 1e-3", "BF16, 8e-3"})
  void aNarrowTypeRoundsTheFactorsAndTheErrorSaysSo(DType dtype, double limit) {
    Path changed = changed(Map.of(KEYS, 3));
    ConvertResult result = run(changed, Target.LORA, "l.safetensors", 64, Optional.of(dtype));
    double error = result.layers().get(0).error();
    assertThat(error).isBetween(limit / 100, limit);
    assertThat(missed(changed, result.out(), "unet." + KEYS, ".lora_A", ".lora_B", KEYS))
        .isCloseTo(error, within(1e-6));
  }

  @Test
  void aRankBeyondWhatALayerCanHaveIsFilledWithZeros() {
    try (LowRank layer = new LowRank(random(6, 8, 1), scope.zeros(new Shape(6, 8)))) {
      assertThat(layer.exactRank(DType.F32)).isEqualTo(6);
      LowRank.Factors factors = layer.factors(9, DType.F32);
      assertThat(factors.up().getShape()).isEqualTo(new Shape(6, 9));
      assertThat(factors.down().getShape()).isEqualTo(new Shape(9, 8));
      assertThat(factors.error()).isLessThan(1e-6);
    }
  }

  @Test
  void noChangeHasRankZero() {
    NDArray same = random(6, 8, 1);
    try (LowRank layer = new LowRank(same, same)) {
      assertThat(layer.exactRank(DType.F32)).isZero();
      assertThat(layer.factors(1, DType.F32).error()).isZero();
    }
  }

  @Test
  void aLowRankChangeThatWasRoundedToHalfIsFoundAgain() {
    NDArray base = random(32, 32, 1);
    NDArray change = random(32, 2, 2).matMul(random(2, 32, 3));
    NDArray half = base.add(change).toType(ai.djl.ndarray.types.DataType.FLOAT16, true);
    try (LowRank layer = new LowRank(half, base)) {
      assertThat(layer.exactRank(DType.F16)).isEqualTo(2);
      assertThat(layer.exactRank(DType.F32)).isEqualTo(32);
    }
  }

  @Test
  void aLoraFolderGetsTheNameThatDiffusersLooksFor() {
    ConvertResult result = run(changed(Map.of(KEYS, 1)), Target.LORA, "f", 4, Optional.empty());
    assertThat(result.out()).isEqualTo(temp.resolve("f/pytorch_lora_weights.safetensors"));
    assertThat(result.out()).exists();
  }

  @Test
  void twoModelsOfTheSameValuesHaveNothingToShare() {
    assertUsage(
        () -> run(tiny(), Target.DELTA, "delta.safetensors", 64, Optional.empty()),
        "have the same values");
  }

  @Test
  void aModelThatDiffersOutsideTheUNetIsNotShared() throws IOException {
    Path changed = changed(Map.of(KEYS, 1));
    Path vae = changed.resolve("vae/diffusion_pytorch_model.safetensors");
    byte[] bytes = Files.readAllBytes(vae);
    bytes[bytes.length - 1] ^= 1;
    Files.write(vae, bytes);
    assertUsage(
        () -> run(changed, Target.DELTA, "delta.safetensors", 64, Optional.empty()),
        "in more than values of the U-Net: vae.");
    assertThat(temp.resolve("delta.safetensors")).doesNotExist();
  }

  @Test
  void anOutputThatExistsIsReplacedWithForceOnly() throws IOException {
    Path out = Files.writeString(temp.resolve("x.safetensors"), "mine");
    assertUsage(() -> run(tiny(), Target.SINGLE_FILE, "x.safetensors", 1, Optional.empty()), "x.s");
    assertThat(out).hasContent("mine");
    Conversion.run(request(tiny(), Target.SINGLE_FILE, "x.safetensors", true), NONE);
    try (SafetensorsFile written = SafetensorsFile.open(out)) {
      assertThat(written.metadata())
          .containsEntry("format", "pt")
          .containsEntry("modelspec.architecture", "stable-diffusion-v1");
    }
  }

  @Test
  void aFolderIsReplacedWithForceOnlyAndOnlyIfItIsAModel() throws IOException {
    Conversion.run(request(tiny(), Target.DIFFUSERS, "model", false), NONE);
    assertUsage(() -> Conversion.run(request(tiny(), Target.DIFFUSERS, "model", false), NONE), "e");
    Conversion.run(request(tiny(), Target.DIFFUSERS, "model", true), NONE);
    Path home = Files.createDirectory(temp.resolve("home"));
    Files.writeString(home.resolve("letter.txt"), "mine");
    assertUsage(
        () -> Conversion.run(request(tiny(), Target.DIFFUSERS, "home", true), NONE),
        "is no model folder");
    assertThat(home.resolve("letter.txt")).hasContent("mine");
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left.map(p -> p.getFileName().toString())).containsOnly("model", "home");
    }
  }

  @Test
  void anOutputInsideTheModelIsRefused() {
    Path copy = changed(Map.of(KEYS, 1));
    ConvertRequest inside =
        new ConvertRequest(
            new ModelRef("m", copy),
            Target.DIFFUSERS,
            copy.resolve("out"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            1,
            false);
    assertUsage(() -> Conversion.run(inside, NONE), "overlap");
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
    assertUsage(
        () ->
            new ConvertRequest(
                model, to, out, base, Optional.empty(), Optional.empty(), rank, false),
        message);
  }

  @Test
  void anUnknownTargetIsRefusedWithTheListOfThoseKnown() {
    assertUsage(() -> Target.of("onnx"), "onnx");
    for (Target target : Target.values()) {
      assertThat(Target.of(target.key())).isEqualTo(target);
    }
  }

  private static final ConvertListener NONE = ConvertListener.NONE;

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

  private ConvertResult run(Path model, Target to, String out, int rank, Optional<DType> dtype) {
    Optional<ModelRef> base =
        to.needsBase() ? Optional.of(new ModelRef(tiny().toString(), tiny())) : Optional.empty();
    return Conversion.run(
        new ConvertRequest(
            new ModelRef("changed", model),
            to,
            temp.resolve(out),
            base,
            dtype,
            Optional.empty(),
            rank,
            false),
        NONE);
  }

  /** A copy of the miniature; to each module a random change of the rank given is added. */
  private Path changed(Map<String, Integer> ranks) {
    return changed(tiny(), ranks);
  }

  private Path changed(Path original, Map<String, Integer> ranks) {
    DiffusersModel model = DiffusersModel.open(original);
    Map<String, NDArray> edits = new LinkedHashMap<>();
    try (Weights unet = model.openUnet()) {
      ranks.forEach(
          (module, rank) -> {
            NDArray change = random(32, rank, 7).matMul(random(rank, 32, 8));
            edits.put(module + ".weight", unet.read(module + ".weight", scope).add(change));
          });
      DiffusersWriter.write(model, edits, temp.resolve("changed"));
    }
    return temp.resolve("changed");
  }

  /** |D - B A| / |D| of what stands in the file. */
  private double missed(
      Path changed, Path file, String name, String down, String up, String module) {
    try (SafetensorsFile lora = SafetensorsFile.open(file);
        Weights after = DiffusersModel.open(changed).openUnet();
        Weights before = DiffusersModel.open(tiny()).openUnet()) {
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

  /** Numbers that look random and are always the same. */
  private NDArray random(int rows, int columns, int seed) {
    java.util.Random random = new java.util.Random(seed);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / 8;
    }
    return scope.create(values, new Shape(rows, columns));
  }

  private static Path tiny() {
    return Golden.path("tiny-sd");
  }

  private static void assertUsage(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.USAGE);
  }
}
