package org.realera.scorer.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.TinyModel;
import org.realera.diffusion.Image;
import org.realera.diffusion.images.ImageDecoder;
import org.realera.golden.Golden;
import org.realera.golden.Spoiled;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.tensor.Engine;

/** Golden data by scripts/golden/clip_scorer.py. */
class ClipScorerTest {

  @Test
  void scoresAreThoseOfTransformers() throws IOException {
    JsonNode golden = new JsonMapper().readTree(Files.readString(Golden.path("tiny-scorer.json")));
    List<String> texts = new ArrayList<>();
    golden.get("texts").forEach(text -> texts.add(text.asText()));
    List<String> names = List.of("cat", "astronaut", "small");
    List<Image> images = new ArrayList<>();
    for (String name : names) {
      images.add(
          ImageDecoder.decode(Files.readAllBytes(Golden.path("clip-preprocess/" + name + ".png"))));
    }
    try (ClipScorer scorer =
        ClipScorer.load(Golden.path("tiny-scorer"), texts, Engine.compute("cpu", "fp32"))) {
      List<List<Float>> scores = scorer.score(images);
      for (int p = 0; p < names.size(); p++) {
        for (int t = 0; t < texts.size(); t++) {
          assertThat((double) scores.get(p).get(t))
              .as(names.get(p) + ", " + texts.get(t))
              .isEqualTo(golden.get("scores").get(names.get(p)).get(t).asDouble(), within(2e-4));
        }
      }
    }
  }

  @Test
  void aModelOfTheWrongKindIsNamed() {
    assertThatThrownBy(
            () ->
                ClipScorer.load(
                    Golden.path("tiny-sd/text_encoder"),
                    List.of("sky"),
                    Engine.compute("cpu", "fp32")))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("tiny-sd/text_encoder");
  }

  /** What is not read does not count, such as the name of the program that wrote a file. */
  @Test
  void theFingerprintIsOfAllThatScoresDependOn(@TempDir Path folder) throws IOException {
    for (Path file : TinyModel.files(Golden.path("tiny-scorer"))) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
    Path processor = folder.resolve("preprocessor_config.json");
    Set<String> fingerprints = new HashSet<>();
    fingerprints.add(ClipScorer.fingerprint(folder));
    Files.writeString(processor, Files.readString(processor) + "\n");
    fingerprints.add(ClipScorer.fingerprint(folder));
    assertThat(fingerprints).hasSize(1);
    TinyModel.edit(processor, "\"rescale_factor\": 0.00392156862745098", "\"rescale_factor\": 1");
    fingerprints.add(ClipScorer.fingerprint(folder));
    Path config = folder.resolve("config.json");
    TinyModel.edit(config, "\"num_attention_heads\": 2", "\"num_attention_heads\": 1");
    fingerprints.add(ClipScorer.fingerprint(folder));
    TinyModel.edit(config, "\"num_attention_heads\": 4", "\"num_attention_heads\": 2");
    fingerprints.add(ClipScorer.fingerprint(folder));
    Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\": \"!\"}");
    fingerprints.add(ClipScorer.fingerprint(folder));
    Files.write(folder.resolve("model.safetensors"), new byte[] {0}, StandardOpenOption.APPEND);
    fingerprints.add(ClipScorer.fingerprint(folder));
    assertThat(fingerprints).hasSize(6);
  }

  /** As CLIPProcessor.save_pretrained of transformers 5.24 writes it. */
  @Test
  void theProcessorOfTransformers5IsTheSameScorer(@TempDir Path folder) throws IOException {
    for (Path file : TinyModel.files(Golden.path("tiny-scorer"))) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
    String before = ClipScorer.fingerprint(folder);
    ClipPreprocessor plain = ClipPreprocessor.open(folder);
    Path old = folder.resolve("preprocessor_config.json");
    Path file = folder.resolve("processor_config.json");
    Files.writeString(
        file,
        "{\"image_processor\": %s, \"processor_class\": \"CLIPProcessor\"}"
            .formatted(Files.readString(old)));
    Files.delete(old);
    assertThat(ClipPreprocessor.open(folder)).isEqualTo(plain);
    assertThat(ClipScorer.fingerprint(folder)).isEqualTo(before);
    // Of both the older file counts, as in the version that the golden data is of.
    Files.writeString(old, "{\"crop_size\": 48}");
    assertThat(ClipPreprocessor.open(folder).cropWidth()).isEqualTo(48);
  }

  @Test
  void aFolderWithoutASettingOfItsProcessorIsRefusedWithTheNameOfTheFile(@TempDir Path folder)
      throws IOException {
    assertProcessorRefused(folder, Kind.NOT_FOUND, folder + " has no preprocessor_config.json");
    Path file = Files.writeString(folder.resolve("processor_config.json"), "{\"a\": 1}");
    assertProcessorRefused(
        folder,
        Kind.NOT_FOUND,
        folder
            + " has no preprocessor_config.json, and its processor_config.json no image_processor");
    Files.writeString(file, "{\"image_processor\": {\"resample\": 2}}");
    assertProcessorRefused(
        folder, Kind.DAMAGED, file + ", image_processor: resample is 2, expected 3 (bicubic)");
    Files.writeString(file, "{\"image_processor\": []}");
    assertProcessorRefused(folder, Kind.DAMAGED, file + ", image_processor: no JSON object");
  }

  private static void assertProcessorRefused(Path folder, Kind kind, String message) {
    assertThatThrownBy(() -> ClipPreprocessor.open(folder))
        .isInstanceOfSatisfying(RealeraException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessage(message);
  }

  @Test
  void theOlderConfigsOfTheTowersAreReadWhereThereAreSome(@TempDir Path folder) {
    Spoiled.copy("tiny-scorer", folder);
    for (String tower : List.of("text_config", "vision_config")) {
      TinyModel.edit(
          folder.resolve("config.json"),
          "\"" + tower + "\": {",
          "\"" + tower + "\": {\"hidden_size\": 64}, \"" + tower + "_dict\": {");
    }
    assertThat(ClipScorer.fingerprint(folder))
        .isEqualTo(ClipScorer.fingerprint(Golden.path("tiny-scorer")));
    ClipScorer.load(folder, List.of("sky"), Engine.compute("cpu", "fp32")).close();
  }

  /** Scores of a model without its last layer are numbers like others. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 1 | 32 other than the tensors of the"
            + " config.json beside it: text_model.encoder.layers.1.layer_norm1.bias [32] is not",
        "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 3 | 32 of 109 tensors do not fit the"
            + " config.json beside it: text_model.encoder.layers.2.layer_norm1.bias [32] is"
            + " missing",
        "\"projection_dim\": 24 | \"projection_dim\": 25 | text_projection.weight should be [25,"
            + " 32], found [24, 32]; visual_projection.weight should be [25, 32], found [24, 32]",
        "\"patch_size\": 8 | \"patch_size\": 16 | position_embedding.weight should be [5, 32],"
            + " found"
      })
  void aConfigurationOfAnotherModelIsRefused(
      String from, String to, String message, @TempDir Path folder) {
    Spoiled.copy("tiny-scorer", folder);
    TinyModel.edit(folder.resolve("config.json"), from, to);
    assertRefused(folder, message);
  }

  @Test
  void aModelWithoutOneOfItsTensorsIsRefused(@TempDir Path folder) {
    Spoiled.copy("tiny-scorer", folder);
    Path weights = folder.resolve("model.safetensors");
    try (SafetensorsFile whole =
        SafetensorsFile.open(Golden.path("tiny-scorer/model.safetensors"))) {
      SafetensorsWriter.write(
          weights,
          Map.of(),
          whole.inFileOrder().stream()
              .map(TensorInfo::name)
              .filter(name -> !name.equals("text_projection.weight") && !name.equals("logit_scale"))
              .map(name -> (TensorSource) TensorSource.stored(whole, name))
              .toList());
    }
    assertRefused(folder, "1 of 77 tensors do not fit the config.json beside it: text_projection");
  }

  private static void assertRefused(Path folder, String message) {
    assertThatThrownBy(() -> ClipScorer.load(folder, List.of("sky"), Engine.compute("cpu", "fp32")))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> assertThat(e.kind()).isEqualTo(RealeraException.Kind.DAMAGED))
        .hasMessageContaining("model.safetensors: ")
        .hasMessageContaining(message);
  }

  @Test
  void aProcessorOfAnotherModelIsRefused(@TempDir Path folder) throws IOException {
    Files.copy(Golden.path("tiny-scorer/config.json"), folder.resolve("config.json"));
    Files.writeString(folder.resolve("preprocessor_config.json"), "{\"crop_size\": 224}");
    assertThatThrownBy(() -> ClipScorer.load(folder, List.of("sky"), Engine.compute("cpu", "fp32")))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("makes pictures of 224 x 224, the model takes 32 x 32");
  }
}
