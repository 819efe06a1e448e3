package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.TinyModel;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;

/** In what two models differ, and that no more than values of the U-Net is shared. */
class ModelDiffTest {
  private static final String UNET = "unet/diffusion_pytorch_model.safetensors";
  private static final String TEXT = "text_encoder/model.safetensors";

  @TempDir private Path temp;

  private Path model;
  private Path base;

  @BeforeEach
  void copies() {
    model = TinyModel.copyTo(temp.resolve("model"));
    base = TinyModel.copyTo(temp.resolve("base"));
  }

  @Test
  void everyWayToDifferHasItsList() {
    List<Long> four = List.of(4L);
    List<Long> image = List.of(16L, 4L, 3L, 3L);
    // Numbers that are the same in fewer digits.
    TensorSource exact = TensorSource.of("conv_out.bias", DType.F32, four, new float[4]);
    change(base, UNET, tensor -> named(tensor, "conv_out.bias") ? exact : tensor);
    change(
        model,
        UNET,
        tensor ->
            switch (tensor.info().name()) {
              case "conv_out.bias" ->
                  TensorSource.of("conv_out.bias", DType.F16, four, new float[4]);
              case "conv_in.weight" ->
                  TensorSource.of("conv_in.weight", DType.F32, image, new float[576]);
              case "conv_in.bias" -> TensorSource.of("conv_in.bias", DType.F32, four, new float[4]);
              case "conv_norm_out.bias" ->
                  TensorSource.of("conv_norm_out.new", DType.F32, four, new float[4]);
              default -> tensor;
            });
    ModelDiff diff = ModelDiff.of(Checkpoint.open(model), Checkpoint.open(base));
    assertThat(diff.changed()).containsOnlyKeys("unet.conv_in.weight");
    assertThat(diff.reshaped()).containsExactly("unet.conv_in.bias");
    assertThat(diff.added()).containsExactly("unet.conv_norm_out.new");
    assertThat(diff.missing()).containsExactly("unet.conv_norm_out.bias");
    assertThat(diff.otherType()).isEqualTo(1);
    // Of 208 tensors of the U-Net, 124 of the VAE, 36 of the text encoder.
    assertThat(diff.same()).isEqualTo(208 + 124 + 36 - 3);
    assertThat(diff.isNone()).isFalse();
  }

  @Test
  void aModelIsNoOtherThanItsCopy() {
    ModelDiff diff = ModelDiff.of(Checkpoint.open(model), Checkpoint.open(base));
    assertThat(diff.isNone()).isTrue();
    assertThat(diff.otherType()).isZero();
  }

  /** transformers no longer saves it: a model that was saved anew lacks it, and its base has it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void positionIdsThatOneLacksAreNoDifference(boolean inBase) {
    TensorSource ids =
        TensorSource.of(
            "text_model.embeddings.position_ids", DType.F32, List.of(1L, 2L), new float[2]);
    rewrite(inBase ? base : model, TEXT, tensors -> tensors.add(ids));
    ModelDiff diff = ModelDiff.of(Checkpoint.open(model), Checkpoint.open(base));
    assertThat(diff.isNone()).isTrue();
  }

  @Test
  void oneTensorInAnyListIsADifference() {
    List<String> none = List.of();
    List<String> one = List.of("unet.conv_in.bias");
    assertThat(new ModelDiff(new TreeMap<>(), one, none, none, 0, 0).isNone()).isFalse();
    assertThat(new ModelDiff(new TreeMap<>(), none, one, none, 0, 0).isNone()).isFalse();
    assertThat(new ModelDiff(new TreeMap<>(), none, none, one, 0, 0).isNone()).isFalse();
    var changed = new TreeMap<>(Map.of(one.get(0), TensorDifference.NONE));
    assertThat(new ModelDiff(changed, none, none, none, 0, 0).isNone()).isFalse();
  }

  /** A delta would be taken for the whole difference. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tensorsThatOnlyOneOfTwoModelsHasAreNotShared(boolean inBase) {
    changeUNet();
    Path shorter = inBase ? model : base;
    String last = "text_model.encoder.layers.1.";
    TinyModel.edit(
        shorter.resolve("text_encoder/config.json"),
        "\"num_hidden_layers\": 2",
        "\"num_hidden_layers\": 1");
    remove(shorter, TEXT, last);
    assertRefused("text_encoder." + last);
  }

  @Test
  void tensorsOfAnotherShapeAreNotShared() {
    changeUNet();
    TinyModel.edit(
        model.resolve("text_encoder/config.json"), "\"vocab_size\": 1514", "\"vocab_size\": 1515");
    String tokens = "text_model.embeddings.token_embedding.weight";
    change(
        model,
        TEXT,
        tensor ->
            named(tensor, tokens)
                ? TensorSource.of(tokens, DType.F32, List.of(1515L, 32L), new float[1515 * 32])
                : tensor);
    assertRefused("text_encoder." + tokens);
  }

  private void changeUNet() {
    change(
        model,
        UNET,
        tensor ->
            named(tensor, "conv_out.bias")
                ? TensorSource.of("conv_out.bias", DType.F32, List.of(4L), new float[4])
                : tensor);
  }

  private void assertRefused(String first) {
    ConvertRequest request =
        new ConvertRequest(
            new ModelRef("model", model),
            Target.DELTA,
            temp.resolve("delta.safetensors"),
            Optional.of(new ModelRef("base", base)),
            Optional.empty(),
            Optional.empty(),
            8,
            false);
    MiniatureModel.assertUsage(
        () -> Conversion.run(request, Progress.NONE),
        "model differs from base in more than values of the U-Net: " + first);
  }

  private static boolean named(TensorSource tensor, String name) {
    return tensor.info().name().equals(name);
  }

  private static void change(Path folder, String name, UnaryOperator<TensorSource> each) {
    rewrite(folder, name, tensors -> tensors.replaceAll(each));
  }

  private static void remove(Path folder, String name, String prefix) {
    rewrite(folder, name, tensors -> tensors.removeIf(one -> one.info().name().startsWith(prefix)));
  }

  private static void rewrite(Path folder, String name, Consumer<List<TensorSource>> edit) {
    Path path = folder.resolve(name);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      List<TensorSource> tensors = new ArrayList<>();
      file.inFileOrder().forEach(info -> tensors.add(file.stored(info.name())));
      edit.accept(tensors);
      SafetensorsWriter.write(path, file.metadata(), tensors);
    }
  }
}
