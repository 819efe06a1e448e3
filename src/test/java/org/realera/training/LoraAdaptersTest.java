package org.realera.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.erase.StateFolder;
import org.realera.safetensors.DType;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.NativeFloats;

class LoraAdaptersTest {
  private static final String TO_K = "down.transformer_blocks.0.attn2.to_k";

  private static Map<String, TensorInfo> unet() {
    Map<String, TensorInfo> tensors = new TreeMap<>();
    for (String name : List.of(TO_K, "down.transformer_blocks.0.attn1.to_k", "down.resnet.to_k")) {
      tensors.put(
          name + ".weight", new TensorInfo(name + ".weight", DType.F32, List.of(64L, 300L)));
    }
    tensors.put(TO_K + ".bias", new TensorInfo(TO_K + ".bias", DType.F32, List.of(64L)));
    return tensors;
  }

  private static LoraAdapters adapters() {
    return LoraAdapters.init(unet(), List.of("attn2.to_k"), 4, 8, 1);
  }

  @Test
  void namesAndShapesAreThoseOfDiffusersAndPeft() {
    assertThat(adapters().shapes())
        .isEqualTo(Map.of(TO_K + ".lora_A", new Shape(4, 300), TO_K + ".lora_B", new Shape(64, 4)));
    assertThat(adapters().scale()).isEqualTo(2);
    assertThat(adapters().modules()).containsExactly(TO_K);
  }

  @Test
  void theyStartAsPeftsGaussianAndChangeNothing() {
    LoraAdapters adapters = adapters();
    float[] a = parameter(adapters, ".lora_A");
    double square = 0;
    for (float x : a) {
      square += x * x / a.length;
    }
    assertThat(Math.sqrt(square)).isCloseTo(1.0 / 4, within(0.02));
    assertThat(parameter(adapters, ".lora_B")).containsOnly(0);
  }

  @Test
  void theSeedDecidesThem() {
    assertThat(parameter(adapters(), ".lora_A")).isEqualTo(parameter(adapters(), ".lora_A"));
    LoraAdapters other = LoraAdapters.init(unet(), List.of("attn2.to_k"), 4, 8, 2);
    assertThat(parameter(other, ".lora_A")).isNotEqualTo(parameter(adapters(), ".lora_A"));
  }

  @Test
  void aLayerThatTwoTargetsMeanHasOneAdapter() {
    LoraAdapters adapters = LoraAdapters.init(unet(), List.of("to_k", "attn2.to_k"), 1, 1, 0);
    assertThat(adapters.modules()).hasSize(2).contains(TO_K);
  }

  @Test
  void aTargetIsTheEndOfANameOfALinearLayerInATransformer() {
    LoraAdapters both = LoraAdapters.init(unet(), List.of("to_k"), 1, 1, 0);
    assertThat(both.modules()).hasSize(2).noneMatch(m -> m.contains("resnet"));
    assertThatThrownBy(() -> LoraAdapters.init(unet(), List.of("o_k"), 1, 1, 0))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("\"o_k\"");
  }

  @Test
  void whatIsNoMatrixIsNoLinearLayer() {
    Map<String, TensorInfo> unet = unet();
    String norm = "down.transformer_blocks.0.norm2.weight";
    unet.put(norm, new TensorInfo(norm, DType.F32, List.of(64L)));
    assertThatThrownBy(() -> LoraAdapters.init(unet, List.of("norm2"), 1, 1, 0))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("\"norm2\"");
  }

  @Test
  void adaptersOfConvolutionsHaveTheirSizeAndMergeIntoThem() {
    String conv = "down.resnets.0.conv1";
    Map<String, TensorInfo> unet = unet();
    unet.put(
        conv + ".weight", new TensorInfo(conv + ".weight", DType.F32, List.of(2L, 3L, 3L, 1L)));
    unet.put(conv + ".bias", new TensorInfo(conv + ".bias", DType.F32, List.of(2L)));
    LoraAdapters adapters =
        LoraAdapters.init(unet, m -> m.contains("conv"), 1, 2, LoraAdapters.Start.KAIMING, 1);
    assertThat(adapters.shapes())
        .isEqualTo(
            Map.of(
                conv + ".lora_A", new Shape(1, 3, 3, 1), conv + ".lora_B", new Shape(2, 1, 1, 1)));
    float[] a = Objects.requireNonNull(adapters.values().get(conv + ".lora_A"));
    double bound = 1 / Math.sqrt(9);
    for (float x : a) {
      assertThat(Math.abs(x)).isPositive().isLessThanOrEqualTo((float) bound);
    }
    float[] b = Objects.requireNonNull(adapters.values().get(conv + ".lora_B"));
    b[0] = 0.5f;
    b[1] = -1;
    adapters.parameters().get(conv + ".lora_B").write(0, b, b.length);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu());
        Weights original = new Ones()) {
      NDArray ones = manager.ones(new Shape(2, 3, 3, 1));
      NDArray merged =
          adapters.merge(Map.of(conv + ".weight", ones), original, manager).get(conv + ".weight");
      assertThat(merged.getShape()).isEqualTo(new Shape(2, 3, 3, 1));
      float[] values = merged.toFloatArray();
      for (int i = 0; i < 9; i++) {
        assertThat(values[i]).isCloseTo(1 + a[i], within(1e-6f));
        assertThat(values[9 + i]).isCloseTo(1 - 2 * a[i], within(1e-6f));
      }
      NDArray twice =
          adapters.merge(Map.of(conv + ".weight", merged), original, manager).get(conv + ".weight");
      assertThat(twice.toFloatArray()[0]).isCloseTo(1 + 2 * a[0], within(1e-6f));
    }
  }

  @Test
  void layersThatAreNotThereHaveNoAdapters() {
    assertThatThrownBy(
            () -> LoraAdapters.init(unet(), m -> false, 1, 1, LoraAdapters.Start.GAUSSIAN, 0))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("none of the layers");
  }

  @Test
  void mergingAddsAlphaOverRTimesBTimesA() {
    LoraAdapters adapters = adapters();
    float[] a = parameter(adapters, ".lora_A");
    float[] b = parameter(adapters, ".lora_B");
    for (int i = 0; i < b.length; i++) {
      b[i] = i % 7 - 3;
    }
    adapters.parameters().get(TO_K + ".lora_B").write(0, b, b.length);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu());
        Weights original = new Ones()) {
      NDArray twos = manager.ones(new Shape(64, 300)).mul(2);
      NDArray other = manager.ones(new Shape(2, 2));
      var overEdit =
          adapters.merge(Map.of(TO_K + ".weight", twos, "other.weight", other), original, manager);
      var overOriginal = adapters.merge(Map.of(), original, manager);
      double added = 0;
      for (int k = 0; k < 4; k++) {
        added += 2 * b[5 * 4 + k] * a[k * 300 + 17];
      }
      assertThat((double) overEdit.get(TO_K + ".weight").getFloat(5, 17))
          .isCloseTo(2 + added, within(1e-5));
      assertThat((double) overOriginal.get(TO_K + ".weight").getFloat(5, 17))
          .isCloseTo(1 + added, within(1e-5));
      assertThat(overEdit.get("other.weight")).isSameAs(other);
    }
  }

  /** A network whose weights are all one. */
  private static final class Ones implements Weights {
    @Override
    public SortedMap<String, TensorInfo> tensors() {
      return new TreeMap<>(unet());
    }

    @Override
    public NDArray read(String name, NDManager scope) {
      return scope.ones(new Shape(64, 300));
    }

    @Override
    public TensorSource.Stored stored(String name) {
      throw new AssertionError("nothing is copied");
    }

    @Override
    public String source() {
      return "ones";
    }

    @Override
    public void close() {}
  }

  @Test
  void asEditsTheyComeOnTopOfReplacedWeights() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      Edits base = new Edits(Map.of(TO_K + ".weight", manager.ones(new Shape(64, 300))), 1);
      Edits edits = adapters().edits(base, manager);
      assertThat(edits.tensors())
          .containsOnlyKeys(TO_K + ".weight", TO_K + ".lora_A", TO_K + ".lora_B");
      assertThat(edits.loraScale()).isEqualTo(2);
    }
  }

  @Test
  void aSavedStepReadsBackToTheLastBitAndAnotherRankIsDamage(@TempDir Path folder) {
    var settings = AdamW.Settings.of(0.01, 0.01);
    TrainingState state = TrainingState.start(adapters(), settings);
    Map<String, NativeFloats> gradients = new TreeMap<>();
    state
        .trained()
        .parameters()
        .forEach(
            (name, values) ->
                gradients.put(name, NativeFloats.of(filled((int) values.size(), 0.3f))));
    state.optimizer().step(state.trained().parameters(), gradients);
    state.losses().add(0.1);
    Saved saved = new StateFolder(folder);
    state.save(saved, "state");
    TrainingState read = TrainingState.load(saved, "state", adapters(), settings);
    assertThat(read.step()).isEqualTo(1);
    assertThat(read.losses()).containsExactly(0.1);
    assertThat(read.optimizer().steps()).isEqualTo(1);
    state
        .trained()
        .parameters()
        .forEach(
            (name, values) -> {
              assertThat(read.trained().parameters().get(name).toArray())
                  .isEqualTo(values.toArray());
              assertThat(read.optimizer().secondMoments().get(name).toArray())
                  .isEqualTo(state.optimizer().secondMoments().get(name).toArray())
                  .doesNotContain(0);
            });
    assertThat(Files.exists(folder.resolve("state.safetensors"))).isTrue();
    LoraAdapters larger = LoraAdapters.init(unet(), List.of("attn2.to_k"), 5, 8, 1);
    assertThatThrownBy(() -> TrainingState.load(saved, "state", larger, settings))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("lora_A.weight has 1200 values, expected 1500");
  }

  private static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }

  private static float[] parameter(LoraAdapters adapters, String kind) {
    return Objects.requireNonNull(adapters.values().get(TO_K + kind));
  }
}
