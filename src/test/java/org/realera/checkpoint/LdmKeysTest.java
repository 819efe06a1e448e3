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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.checkpoint.architecture.VaeConfig;
import org.realera.files.Environment;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;

class LdmKeysTest {
  @TempDir Path temp;

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

  /** Pairs by scripts/golden/single_file_keys.py, with the third that a part of a tensor is. */
  @Test
  void everyTensorOfStableDiffusion2IsCalledWhatDiffusersConverterTakesItFor() throws Exception {
    Environment cache = new Environment(java.util.Map.of("REALERA_CACHE", temp.toString()));
    Path file = temp.resolve("second.safetensors");
    SafetensorsWriter.write(
        file,
        java.util.Map.of("modelspec.prediction_type", "v"),
        List.of(
            TensorSource.of(OpenClipKeys.LAYERS + "0.x", DType.F32, List.of(), new float[1]),
            TensorSource.of(LdmKeys.UNET + "x", DType.F32, List.of(), new float[1])));
    Path folder = SingleFile.read(file, Optional.empty()).configurations(cache);
    UNetConfig unet = UNetConfig.read(folder.resolve("unet/config.json"));
    VaeConfig vae = VaeConfig.read(folder.resolve("vae/config.json"));
    ClipTextConfig text = ClipTextConfig.read(folder.resolve("text_encoder/config.json"));
    List<String> ours = new ArrayList<>();
    LdmKeys.of(unet, vae, text, true)
        .forEach(
            (part, keys) ->
                keys.forEach(
                    (name, key) ->
                        ours.add(
                            part
                                + " "
                                + name
                                + " "
                                + key.name()
                                + (key.isPart() ? third(key) : ""))));
    assertThat(ours).hasSize(1306).containsExactlyElementsOf(golden("sd2-keys.txt.gz"));
  }

  private static String third(LdmKeys.Key key) {
    assertThat(key.original().get(0)).isEqualTo(3 * key.shape().get(0));
    long elements = key.shape().stream().reduce(1L, Math::multiplyExact);
    assertThat(key.first() % elements).isZero();
    return " " + key.first() / elements;
  }

  /** Pairs by scripts/golden/single_file_keys.py. */
  @Test
  void everyTensorOfStableDiffusion1IsCalledWhatDiffusersConverterTakesItFor() throws Exception {
    List<String> ours = new ArrayList<>();
    keys(configurations().toList().get(1))
        .forEach(
            (part, keys) ->
                keys.forEach((name, key) -> ours.add(part + " " + name + " " + key.name())));
    assertThat(ours).hasSize(1130).containsExactlyElementsOf(golden("sd1-keys.txt.gz"));
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

  private static List<String> golden(String name) throws IOException {
    try (InputStream in =
            Objects.requireNonNull(LdmKeysTest.class.getResourceAsStream("/golden/" + name));
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
