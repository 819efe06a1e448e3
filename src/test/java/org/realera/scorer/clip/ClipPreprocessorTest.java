package org.realera.scorer.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.diffusion.images.ImageDecoder;

/** Golden data by scripts/golden/clip_preprocess.py. */
class ClipPreprocessorTest {
  private static final String DATA = "/golden/clip-preprocess/";

  @ParameterizedTest
  @CsvSource({
    "down_32, cat, 32, 32, 1",
    "down_48_portrait, astronaut, 48, 48, 1",
    "vit_b_32, cat, 224, 224, 7",
    "up_224, small, 224, 224, 7",
    "same_64, small, 64, 64, 1",
    "padded_40, cat, 24, 40, 1"
  })
  void pixelsAreThoseOfTransformers(String name, String image, int edge, int crop, int step)
      throws IOException {
    ClipPreprocessor processor =
        ClipPreprocessor.parse(
            "{\"size\": {\"shortest_edge\": %d}, \"crop_size\": {\"height\": %d, \"width\": %d}}"
                .formatted(edge, crop, crop),
            "test");
    float[] pixels;
    try (InputStream in = resource(image + ".png")) {
      pixels = processor.process(ImageDecoder.decode(in.readAllBytes()));
    }
    float[] expected = golden(name);
    int kept = (crop + step - 1) / step;
    assertThat(expected).hasSize(3 * kept * kept);
    double worst = 0;
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < kept; y++) {
        for (int x = 0; x < kept; x++) {
          float ours = pixels[(c * crop + y * step) * crop + x * step];
          worst = Math.max(worst, Math.abs(ours - expected[(c * kept + y) * kept + x]));
        }
      }
    }
    assertThat(worst).isLessThan(1e-6);
  }

  @Test
  void sizesMayBePlainNumbersAsInOldFiles() {
    ClipPreprocessor processor =
        ClipPreprocessor.parse("{\"size\": 64, \"crop_size\": 48, \"resample\": 3}", "test");
    assertThat(processor.shortestEdge()).isEqualTo(64);
    assertThat(processor.cropHeight()).isEqualTo(48);
    assertThat(processor.cropWidth()).isEqualTo(48);
  }

  @Test
  void anotherResamplingIsRefused() {
    assertThatThrownBy(() -> ClipPreprocessor.parse("{\"resample\": 2}", "config"))
        .isInstanceOf(RealeraException.class)
        .hasMessage("config: resample is 2, expected 3 (bicubic)");
  }

  /** As transformers' CLIPImageProcessor: of switches null is off, of sizes it says nothing. */
  @Test
  void nullIsNotAbsent() {
    ClipPreprocessor said =
        ClipPreprocessor.parse(
            "{\"size\": null, \"crop_size\": null, \"image_mean\": null, \"image_std\": null,"
                + " \"do_resize\": null, \"do_normalize\": null}",
            "config");
    assertThat(said.resize()).isFalse();
    assertThat(said.shortestEdge()).isEqualTo(224);
    assertThat(said.cropWidth()).isEqualTo(224);
    assertThat(said.mean()).containsExactly(0.0, 0.0, 0.0);
    assertThat(ClipPreprocessor.parse("{}", "config").resize()).isTrue();
  }

  /** Python's json writes such numbers. */
  @Test
  void anInfinityThatNobodyReadsDoesNoHarm() {
    assertThat(ClipPreprocessor.parse("{\"size\": 64, \"threshold\": -Infinity}", "config"))
        .isEqualTo(ClipPreprocessor.parse("{\"size\": 64}", "config"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"resample\": null} | resample is null, expected 3 (bicubic)",
        "{\"do_resize\": \"no\"} | do_resize is \"no\", expected true or false",
        "{\"size\": 2147483647} | size is 2147483647, expected a whole number from 1 to 8192",
        "{\"size\": {\"shortest_edge\": \"big\"}} | shortest_edge is \"big\", expected a whole",
        "{\"crop_size\": {\"height\": 99999}} | height is 99999, expected a whole number",
        "{\"rescale_factor\": null} | rescale_factor is null, expected a number",
        "{\"rescale_factor\": NaN} | rescale_factor is \"NaN\", expected a number",
        "{\"image_mean\": [0, 0, -Infinity]} | mean or std is [0,0,",
        "{\"image_std\": [1, 1, null]} | mean or std is [1,1,null], expected three numbers"
      })
  void whatMakesNoSenseIsRefusedByKey(String json, String message) {
    assertThatThrownBy(() -> ClipPreprocessor.parse(json, "config"))
        .isInstanceOf(RealeraException.class)
        .hasMessageStartingWith("config: " + message);
  }

  private static float[] golden(String name) {
    try (InputStream in = resource("pixel_values.safetensors")) {
      ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      int header = (int) file.getLong(0);
      JsonNode entry =
          new JsonMapper()
              .readTree(new String(file.array(), 8, header, StandardCharsets.UTF_8))
              .required(name);
      int from = entry.get("data_offsets").get(0).asInt();
      int to = entry.get("data_offsets").get(1).asInt();
      float[] values = new float[(to - from) / 4];
      file.position(8 + header + from);
      file.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(ClipPreprocessorTest.class.getResourceAsStream(DATA + name));
  }

  /** Every key has a default, so that of an empty file all of them would be taken. */
  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "\"size\""})
  void whatIsNoObjectIsRefused(String json) {
    assertThatThrownBy(() -> ClipPreprocessor.parse(json, "a/preprocessor_config.json"))
        .isInstanceOf(RealeraException.class)
        .hasMessage("a/preprocessor_config.json: no JSON object");
  }
}
