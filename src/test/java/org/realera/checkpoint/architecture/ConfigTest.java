package org.realera.checkpoint.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.Json;
import org.realera.golden.Corpus;
import org.realera.golden.Golden;

class ConfigTest {
  @TempDir Path folder;

  @Test
  void aUnetConfigIsReadAsDiffusersReadsIt() {
    UNetConfig config = UNetConfig.read(Golden.path("tiny-sd").resolve("unet/config.json"));
    assertThat(config)
        .isEqualTo(
            new UNetConfig(
                8,
                4,
                4,
                List.of(16, 32),
                List.of("CrossAttnDownBlock2D", "DownBlock2D"),
                List.of("UpBlock2D", "CrossAttnUpBlock2D"),
                1,
                32,
                List.of(2, 2),
                8,
                1e-5,
                false,
                true,
                0,
                "silu",
                false));
  }

  @Test
  void headsMayDifferByResolution() throws IOException {
    Path file = write("{\"attention_head_dim\":[5,10,20,20],\"use_linear_projection\":true}");
    assertThat(UNetConfig.read(file).attentionHeads()).containsExactly(5, 10, 20, 20);
    assertThat(UNetConfig.read(file).useLinearProjection()).isTrue();
  }

  @Test
  void aVaeConfigSaysHowMuchSmallerLatentsAre() {
    VaeConfig config = VaeConfig.read(Golden.path("tiny-sd").resolve("vae/config.json"));
    assertThat(config.scale()).isEqualTo(2);
    assertThat(config.scalingFactor()).isEqualTo(0.18215);
  }

  @Test
  void aTextConfigIsReadFromATextEncoderAndFromAWholeClipModel() throws IOException {
    ClipTextConfig config =
        ClipTextConfig.read(Golden.path("tiny-sd").resolve("text_encoder/config.json"));
    assertThat(config)
        .isEqualTo(new ClipTextConfig(1514, 32, 64, 2, 2, "quick_gelu", 1e-5, 77, 32));
    Path whole =
        write(
            "{\"projection_dim\":16,\"text_config\":{\"hidden_size\":24,\"num_attention_heads\":3},"
                + "\"vision_config\":{\"hidden_size\":48,\"image_size\":64,\"patch_size\":8,"
                + "\"hidden_act\":\"gelu\"}}");
    assertThat(ClipTextConfig.read(whole).hiddenSize()).isEqualTo(24);
    assertThat(ClipTextConfig.read(whole).projectionDim()).isEqualTo(16);
    assertThat(ClipVisionConfig.read(whole))
        .isEqualTo(new ClipVisionConfig(64, 8, 3, 48, 3072, 12, 12, "gelu", 1e-5, 16));
  }

  /** As transformers' CLIPConfig has it, which makes a whole configuration of the older one. */
  @Test
  void anOlderConfigOfATowerHasTheLastWordInAWholeClipModel() throws IOException {
    Path whole =
        write(
            "{\"text_config\":{\"hidden_size\":24,\"num_attention_heads\":3,\"hidden_act\":\"gelu\"},"
                + "\"text_config_dict\":{\"hidden_size\":32,\"num_hidden_layers\":2},"
                + "\"vision_config\":{\"hidden_act\":\"quick_gelu\",\"patch_size\":16},"
                + "\"vision_config_dict\":{\"hidden_act\":\"gelu\"}}");
    assertThat(ClipTextConfig.readWhole(whole))
        .isEqualTo(new ClipTextConfig(49408, 32, 2048, 2, 8, "quick_gelu", 1e-5, 77, 512));
    assertThat(ClipVisionConfig.read(whole))
        .isEqualTo(new ClipVisionConfig(224, 32, 3, 768, 3072, 12, 12, "gelu", 1e-5, 512));
    assertThat(ClipTextConfig.read(whole).hiddenAct())
        .as("a text encoder alone is not of CLIPConfig")
        .isEqualTo("gelu");
  }

  @Test
  void anOlderConfigThatIsNullCountsForNothing() throws IOException {
    Path whole =
        write(
            "{\"text_config\":{\"hidden_act\":\"gelu\"},\"text_config_dict\":null,"
                + "\"vision_config\":{\"hidden_act\":\"gelu\"},\"vision_config_dict\":null}");
    assertThat(ClipTextConfig.readWhole(whole).hiddenAct()).isEqualTo("gelu");
    assertThat(ClipVisionConfig.read(whole).hiddenAct()).isEqualTo("gelu");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text_config", "text_config_dict"})
  void aTowersConfigThatIsNoObjectIsRefused(String key) throws IOException {
    Path whole = write("{\"" + key + "\":[]}");
    assertThatThrownBy(() -> ClipTextConfig.readWhole(whole))
        .isInstanceOf(RealeraException.class)
        .hasMessage(whole + ": " + key + " should be a JSON object, found []");
  }

  @Test
  void aSchedulerConfigTakesDdimsDefaults() throws IOException {
    SchedulerConfig published =
        SchedulerConfig.read(Golden.path("tiny-sd").resolve("scheduler/scheduler_config.json"));
    assertThat(published.betaSchedule()).isEqualTo("scaled_linear");
    assertThat(published.betaEnd()).isEqualTo(0.012);
    assertThat(published.setAlphaToOne()).isFalse();
    assertThat(published.predictionType()).isEqualTo("epsilon");
    assertThat(published.timestepSpacing()).isEqualTo("leading");
    assertThat(SchedulerConfig.read(write("{\"_class_name\":\"PNDMScheduler\"}")).setAlphaToOne())
        .isTrue();
  }

  /** Each file holds what is different from the tiny model's configuration. */
  static List<Path> readAsDiffusersDoes() {
    return Stream.of("unet-config", "vae-config", "text-config")
        .flatMap(kind -> Corpus.files(kind, ".expected.json").stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("readAsDiffusersDoes")
  void aConfigurationIsReadAsDiffusersReadsIt(Path changes) throws IOException {
    JsonNode read = Json.tree(readChanged(changes));
    Json.read(Corpus.beside(changes, ".expected.json"))
        .properties()
        .forEach(e -> assertThat(read.get(e.getKey())).as(e.getKey()).isEqualTo(e.getValue()));
  }

  static List<Path> refused() {
    return Stream.of("unet-config", "vae-config", "text-config")
        .flatMap(kind -> Corpus.files(kind, ".refused.txt").stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void anArchitectureThatIsNotSupportedIsRefusedByFileAndKey(Path changes) {
    Corpus.assertRefused(changes, () -> readChanged(changes));
  }

  private Object readChanged(Path changes) throws IOException {
    String kind = changes.getParent().getFileName().toString();
    String component = kind.startsWith("text") ? "text_encoder" : kind.replace("-config", "");
    ObjectNode config =
        (ObjectNode) Json.read(Golden.path("tiny-sd").resolve(component).resolve("config.json"));
    config.setAll((ObjectNode) Json.read(changes));
    Path file = write(config.toString());
    return switch (component) {
      case "unet" -> UNetConfig.read(file);
      case "vae" -> VaeConfig.read(file);
      default -> ClipTextConfig.read(file);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"block_out_channels\": \"x\"} | block_out_channels should be a whole number",
        "{\"block_out_channels\": []} | block_out_channels should be a list of numbers, found []",
        "{\"block_out_channels\": [320, 0, 1, 2]} | block_out_channels should be a whole number of"
            + " at least 1",
        "{\"block_out_channels\": [320, 640]} | down_block_types should be 2 types",
        "{\"block_out_channels\": [320, 640, 1280, 1281]} | block_out_channels should be multiples"
            + " of norm_num_groups 32",
        "{\"down_block_types\": [\"AttnDownBlock2D\"]} | down_block_types is \"AttnDownBlock2D\","
            + " which is not supported",
        "{\"attention_head_dim\": 7} | attention_head_dim should be a divisor",
        "{\"attention_head_dim\": [8, 8]} | attention_head_dim should be 4 numbers",
        "{\"layers_per_block\": [1, 2, 2, 2]} | layers_per_block is [1,2,2,2], which is not"
            + " supported",
        "{\"addition_embed_type\": \"text_time\"} | addition_embed_type is \"text_time\", which is"
            + " not supported",
        "{\"transformer_layers_per_block\": [1, 2, 10]} | transformer_layers_per_block is [1,2,10],"
            + " which is not supported",
        "{\"act_fn\": \"relu\"} | act_fn is \"relu\", which is not supported",
        "{\"norm_eps\": \"tiny\"} | norm_eps should be a number",
        "{\"flip_sin_to_cos\": 1} | flip_sin_to_cos should be true or false, found 1",
        "{\"_class_name\": \"FluxTransformer2DModel\"} | _class_name is \"FluxTransformer2DModel\"",
        "[] | expected a JSON object, found []",
        "{ | is not valid JSON",
        "{} {} | is not valid JSON",
      })
  void whatIsWrongInAUnetConfigIsNamed(String json, String message) throws IOException {
    Path file = write(json);
    assertThatThrownBy(() -> UNetConfig.read(file))
        .isInstanceOf(RealeraException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"))
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.DAMAGED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"model_type\": \"siglip_vision_model\" | model_type is \"siglip_vision_model\", which is"
            + " not supported",
        "\"hidden_act\": \"relu\" | hidden_act is \"relu\", which is not supported",
        "\"patch_size\": 30 | patch_size should be a divisor of image_size 224, found 30",
        "\"num_attention_heads\": 7 | num_attention_heads should be a divisor of hidden_size 768,"
            + " found 7",
      })
  void anImageTowerThatIsNotSupportedIsRefusedByFileAndKey(String json, String message)
      throws IOException {
    Path file = write("{\"vision_config\":{" + json + "}}");
    assertThatThrownBy(() -> ClipVisionConfig.read(file))
        .isInstanceOf(RealeraException.class)
        .hasMessageStartingWith(file + ": vision_config." + message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.DAMAGED);
  }

  @Test
  void aConfigThatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> VaeConfig.read(folder.resolve("none.json")))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("none.json is missing")
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.NOT_FOUND);
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("config.json"), json);
  }
}
