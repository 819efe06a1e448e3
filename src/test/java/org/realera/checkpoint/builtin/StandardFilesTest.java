package org.realera.checkpoint.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.PredictionGuess;
import org.realera.checkpoint.SingleFile;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.checkpoint.architecture.SchedulerConfig;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.files.Environment;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;

/** What a single file without configurations is taken for. */
class StandardFilesTest {
  private static final String TELLTALE =
      "model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias";

  @TempDir Path temp;

  @Test
  void aFileOfStableDiffusion2GetsTheConfigurationsOfThe768PixelModel() {
    Path folder = folder(SECOND, Map.of("modelspec.prediction_type", "v"));
    UNetConfig unet = UNetConfig.read(folder.resolve("unet/config.json"));
    assertThat(unet.attentionHeads()).containsExactly(5, 10, 20, 20);
    assertThat(unet.crossAttentionDim()).isEqualTo(1024);
    assertThat(unet.useLinearProjection()).isTrue();
    assertThat(unet.upcastAttention()).isTrue();
    assertThat(unet.sampleSize()).isEqualTo(96);
    assertThat(ClipTextConfig.read(folder.resolve("text_encoder/config.json")))
        .isEqualTo(new ClipTextConfig(49408, 1024, 4096, 23, 16, "gelu", 1e-5, 77, 512));
    SchedulerConfig scheduler =
        SchedulerConfig.read(folder.resolve("scheduler/scheduler_config.json"));
    assertThat(scheduler.className()).isEqualTo("DDIMScheduler");
    assertThat(scheduler.predictionType()).isEqualTo("v_prediction");
    assertThat(scheduler.setAlphaToOne()).isFalse();
  }

  @Test
  void itsTokenizerPadsWithAnExclamationMarkAndListsItAmongTheOthers() throws IOException {
    Path folder = folder(SECOND, Map.of());
    JsonNode config = json(folder.resolve("tokenizer/tokenizer_config.json"));
    assertThat(config.path("pad_token").asText()).isEqualTo("!");
    assertThat(config.at("/added_tokens_decoder/0/content").asText()).isEqualTo("!");
    assertThat(config.at("/added_tokens_decoder/49407/content").asText())
        .isEqualTo("<|endoftext|>");
    JsonNode map = json(folder.resolve("tokenizer/special_tokens_map.json"));
    assertThat(map.path("pad_token").asText()).isEqualTo("!");
    assertThat(map.at("/eos_token/content").asText()).isEqualTo("<|endoftext|>");
    assertThat(folder.resolve("tokenizer/vocab.json")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer/merges.txt", "tokenizer/vocab.json"})
  void aTokenizerInTheCacheThatIsSpoiltIsWrittenAgain(String name) throws IOException {
    Path cached = folder(FIRST, Map.of()).resolve(name);
    String whole = Files.readString(cached);
    for (String spoilt : List.of("", whole.replaceFirst("a", "b"))) {
      Files.writeString(cached, spoilt);
      assertThat(folder(FIRST, Map.of()).resolve(name)).isEqualTo(cached);
      assertThat(Files.readString(cached).equals(whole)).isTrue(); // no message of a megabyte
    }
    FileTime written = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(cached, written);
    folder(FIRST, Map.of());
    assertThat(Files.getLastModifiedTime(cached)).as("left as it is").isEqualTo(written);
  }

  @Test
  void theBaseModelPredictsNoiseAt512Pixels() {
    Path folder = folder(SECOND, Map.of("modelspec.prediction_type", "epsilon"));
    assertThat(UNetConfig.read(folder.resolve("unet/config.json")).sampleSize()).isEqualTo(64);
    assertThat(prediction(folder)).isEqualTo("epsilon");
  }

  @Test
  void aFileOfStableDiffusion1MayPredictVToo() {
    assertThat(prediction(folder(FIRST, Map.of()))).isEqualTo("epsilon");
    Path folder = folder(FIRST, Map.of("modelspec.prediction_type", "v"));
    assertThat(prediction(folder)).isEqualTo("v_prediction");
    assertThat(UNetConfig.read(folder.resolve("unet/config.json")).sampleSize()).isEqualTo(64);
    assertThat(ClipTextConfig.read(folder.resolve("text_encoder/config.json")).hiddenSize())
        .isEqualTo(768);
  }

  /** As A1111 looks for it: EasyFluff and its like ship so. */
  @ParameterizedTest
  @CsvSource({
    "model.yaml, 'model: {params: {parameterization: \"v\"}}', v_prediction",
    "model.yml, 'model: {params: {parameterization: v}}', v_prediction",
    "model.yaml, 'model: {params: {parameterization: eps}}', epsilon",
    "model.yaml, 'model: {params: {linear_start: 0.00085}}', epsilon",
    "model.yaml, 'notes: mine', epsilon",
    "other.yaml, 'model: {params: {parameterization: \"v\"}}', epsilon"
  })
  void theConfigurationBesideAFileTells(String name, String yaml, String prediction)
      throws IOException {
    Files.writeString(temp.resolve(name), yaml);
    assertThat(prediction(folder(FIRST, Map.of()))).isEqualTo(prediction);
    assertThat(prediction(folder(FIRST, Map.of("modelspec.prediction_type", "v"))))
        .as("the file's own word comes first")
        .isEqualTo("v_prediction");
  }

  /** Numbers as YAML may write them; the rest of such a file is of no account. */
  @Test
  void theConfigurationOfThePublishedModelsIsRead() throws IOException {
    Files.writeString(
        temp.resolve("model.yaml"),
        """
        model:
          base_learning_rate: 1.0e-4
          target: ldm.models.diffusion.ddpm.LatentDiffusion
          params:
            parameterization: "v"
            beta_schedule: linear
            linear_start: 8.5e-4
            linear_end: 0.0120
            num_timesteps_cond: 1
            timesteps: 1_000
            scale_factor: "0.18215"
            monitor: val/loss_simple_ema # not used
            cond_stage_config: {params: {freeze: True, layer: "penultimate"}}
        """);
    assertThat(prediction(folder(FIRST, Map.of()))).isEqualTo("v_prediction");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{parameterization: x0} | : model.params.parameterization is \"x0\", expected eps or v",
        "{parameterization: } | : model.params.parameterization is null, expected eps or v",
        "[v] | : model.params is [\"v\"], expected a group of keys",
        "v | : model.params is \"v\", expected a group of keys",
        "`` | : model.params is null, expected a group of keys",
        "{linear_start: 0.001} | : model.params.linear_start is 0.001, which is not supported"
            + " (expected 0.00085)",
        "{linear_end: 0.02} | : model.params.linear_end is 0.02, which",
        "{timesteps: 500} | : model.params.timesteps is 500, which",
        "{scale_factor: [0.18215]} | : model.params.scale_factor is [0.18215], which",
        "{beta_schedule: cosine} | : model.params.beta_schedule is \"cosine\", which",
        "&p {parameterization: v} | , line 1: the anchor &p is not supported",
        "{<<: {parameterization: v}} | , line 1: the merge key << is not supported",
        "!!map {parameterization: v} | , line 1: the tag tag:yaml.org,2002:map is not supported",
        "{parameterization: eps, parameterization: v} | , line 1: Duplicate field"
            + " 'parameterization'",
        "[ | , line 1: "
      })
  void aConfigurationThatMakesNoSenseIsRefused(String params, String message) throws IOException {
    assertConfigurationRefused("model: {params: " + params + "}", message);
  }

  @Test
  void aConfigurationThatIsMoreOrLessThanOneTextIsRefused() throws IOException {
    String second = "---\nmodel: {params: {parameterization: v}}";
    assertConfigurationRefused("a: 1\n" + second, ", line 2: a second document begins here");
    assertConfigurationRefused("\u0000", ", line 1: the text is not UTF-8: it has a NUL");
    assertConfigurationRefused("model: v", ": model is \"v\", expected a group of keys");
  }

  private void assertConfigurationRefused(String yaml, String message) throws IOException {
    Path file = Files.writeString(temp.resolve("model.yaml"), yaml);
    assertThatThrownBy(() -> folder(FIRST, Map.of()))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageStartingWith(file + message);
  }

  @ParameterizedTest
  @CsvSource({
    "stable-diffusion-v2-768-v, v_prediction",
    "stable-diffusion-v2-512, epsilon",
    // Says nothing; nor do the weights, of which this is no whole set: the 768 pixel model then.
    "stable-diffusion-v9, v_prediction"
  })
  void theArchitectureInTheMetadataTells(String architecture, String prediction) {
    Path folder = folder(SECOND, Map.of("modelspec.architecture", architecture));
    assertThat(prediction(folder)).isEqualTo(prediction);
  }

  /** By its CheckpointSave. Of Stable Diffusion 1 it says what it took for granted. */
  @ParameterizedTest
  @CsvSource({"v, V", "epsilon, EPSILON"})
  void whatComfyUiSaysOfStableDiffusion2IsBelieved(String key, Prediction expected) {
    Map<String, String> saved = Map.of("modelspec.predict_key", key);
    PredictionGuess second = read(SECOND, saved, Optional.empty()).guess().orElseThrow();
    assertThat(second.prediction()).isEqualTo(expected);
    assertThat(second.doubt(Path.of("m.safetensors"))).isEmpty();
    assertThat(prediction(folder(FIRST, saved))).isEqualTo("epsilon");
    Map<String, String> both =
        Map.of("modelspec.predict_key", key, "modelspec.architecture", "stable-diffusion-v2-512");
    assertThat(prediction(folder(SECOND, both))).as("a word on the model").isEqualTo("epsilon");
  }

  @ParameterizedTest
  @CsvSource({"0.10, F32, V", "0.08, F32, EPSILON", "0.10, F16, V", "0.08, BF16, EPSILON"})
  void whereNothingElseTellsTheSpreadOfAFewWeightsDoes(
      float spread, DType dtype, Prediction expected) {
    float[] values = new float[320];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5f + (i % 2 == 0 ? spread : -spread);
    }
    PredictionGuess guess =
        read(
                SECOND,
                Map.of(),
                Optional.empty(),
                TensorSource.of(TELLTALE, dtype, List.of(320L), values))
            .guess()
            .orElseThrow();
    assertThat(guess.prediction()).isEqualTo(expected);
    assertThat(guess.source()).isEqualTo(PredictionGuess.Source.WEIGHTS);
    assertThat(guess.doubt(Path.of("m.safetensors")).orElseThrow())
        .startsWith("m.safetensors does not say what it predicts; by its weights " + expected.key())
        .endsWith(expected == Prediction.V ? "--prediction epsilon`" : "--prediction v`");
  }

  @Test
  void whatTheUserSaysComesFirst() {
    PredictionGuess guess =
        read(SECOND, Map.of("modelspec.prediction_type", "v"), Optional.of(Prediction.EPSILON))
            .guess()
            .orElseThrow();
    assertThat(guess.prediction()).isEqualTo(Prediction.EPSILON);
    assertThat(guess.words()).isEqualTo("epsilon, as you say");
    assertThat(guess.doubt(Path.of("m.safetensors"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"v, V", "V_Prediction, V", "epsilon, EPSILON"})
  void aPredictionIsReadUnderEitherName(String name, Prediction expected) {
    assertThat(Prediction.of(name)).isEqualTo(expected);
  }

  @Test
  void anyOtherPredictionIsRefused() {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    RealeraException.class, () -> Prediction.of("sample"))
                .kind())
        .isEqualTo(RealeraException.Kind.USAGE);
  }

  private static final String FIRST =
      "cond_stage_model.transformer.text_model.final_layer_norm.bias";
  private static final String SECOND = "cond_stage_model.model.transformer.resblocks.0.ln_1.bias";

  private SingleFile read(
      String text, Map<String, String> metadata, Optional<Prediction> asked, TensorSource... more) {
    Path file = temp.resolve("model.safetensors");
    List<TensorSource> tensors = new ArrayList<>(List.of(more));
    for (String name : List.of(text, "model.diffusion_model.out.2.bias")) {
      tensors.add(TensorSource.of(name, DType.F32, List.of(), new float[1]));
    }
    SafetensorsWriter.write(file, metadata, tensors);
    return SingleFile.read(file, asked);
  }

  private Path folder(String text, Map<String, String> metadata) {
    return read(text, metadata, Optional.empty())
        .configurations(new Environment(Map.of("REALERA_CACHE", temp.toString())));
  }

  private static String prediction(Path folder) {
    return SchedulerConfig.read(folder.resolve("scheduler/scheduler_config.json")).predictionType();
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(file));
  }
}
