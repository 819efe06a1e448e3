package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LdmKeysTest {

  /** The miniature's configurations, and those of Stable Diffusion 1 that travel in the jar. */
  static Stream<Path> configurations() throws URISyntaxException {
    Path standard =
        Path.of(LdmKeysTest.class.getResource("/org/realera/sd1/model_index.json").toURI());
    return Stream.of(TinyModel.folder(), standard.getParent());
  }

  private static SortedMap<String, SortedMap<String, LdmKeys.Key>> keys(Path folder) {
    return new TreeMap<>(
        java.util.Map.of(
            "unet", LdmKeys.unet(UNetConfig.read(folder.resolve("unet/config.json"))),
            "vae", LdmKeys.vae(VaeConfig.read(folder.resolve("vae/config.json"))),
            "text_encoder",
                LdmKeys.text(ClipTextConfig.read(folder.resolve("text_encoder/config.json")))));
  }

  /** Pairs by scripts/golden/single_file_keys.py. */
  @Test
  void everyTensorOfStableDiffusion1IsCalledWhatDiffusersConverterTakesItFor() throws Exception {
    List<String> ours = new ArrayList<>();
    keys(configurations().toList().get(1))
        .forEach(
            (part, keys) ->
                keys.forEach((name, key) -> ours.add(part + " " + name + " " + key.name())));
    assertThat(ours).hasSize(1130).containsExactlyElementsOf(golden());
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void noTwoTensorsShareAnOriginalName(Path folder) {
    List<String> originals =
        keys(folder).values().stream()
            .flatMap(keys -> keys.values().stream().map(LdmKeys.Key::name))
            .toList();
    assertThat(originals).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void onlyTheAttentionOfTheVaeHasAnotherShape(Path folder) {
    keys(folder)
        .values()
        .forEach(
            keys ->
                keys.forEach(
                    (name, key) -> {
                      if (key.name().matches(".*\\.mid\\.attn_1\\.(q|k|v|proj_out)\\.weight")) {
                        assertThat(key.original())
                            .containsExactly(key.shape().get(0), key.shape().get(1), 1L, 1L);
                      } else {
                        assertThat(key.original()).as(name).isEqualTo(key.shape());
                      }
                    }));
  }

  private static List<String> golden() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(
                LdmKeysTest.class.getResourceAsStream("/golden/sd1-keys.txt.gz"));
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
