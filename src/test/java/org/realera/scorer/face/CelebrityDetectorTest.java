package org.realera.scorer.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.Image;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.scorer.ScorerGolden;
import org.realera.scorer.pixels.Box;
import org.realera.tensor.Compute;
import org.realera.tensor.Noise;
import org.realera.tensor.Precision;

/** Golden values: scripts/golden/mtcnn.py. */
class CelebrityDetectorTest {
  private static final Compute CPU = new Compute(Device.cpu(), Precision.FP32);

  @ParameterizedTest
  @CsvSource({"astronaut, 512", "pair, 512", "pair, 3", "pair, 1"})
  void facesAreThoseOfFacenetPytorchHoweverManyBoxesGoIntoOneCall(String photograph, int atOnce) {
    JsonNode golden = ScorerGolden.json("celebrity/faces.json").get(photograph);
    try (SafetensorsFile weights =
            SafetensorsFile.open(ScorerGolden.file("celebrity/mtcnn.safetensors"));
        Mtcnn mtcnn = Mtcnn.load(weights, CPU, atOnce)) {
      List<Face> faces = mtcnn.detect(ScorerGolden.photograph(photograph));
      assertThat(faces).hasSize(golden.size());
      for (int i = 0; i < faces.size(); i++) {
        Box box = faces.get(i).box();
        JsonNode expected = golden.get(i).get("box");
        double[] edges = {box.x(), box.y(), box.x() + box.width(), box.y() + box.height()};
        for (int edge = 0; edge < 4; edge++) {
          assertThat(edges[edge]).isCloseTo(expected.get(edge).asDouble(), within(0.01));
        }
        assertThat((double) faces.get(i).probability())
            .isCloseTo(golden.get(i).get("probability").asDouble(), within(1e-5));
      }
    }
  }

  @Test
  void thePersonWithMostFacesGivesTheImageItsName() {
    float[] first = {0.75f, 0.25f};
    float[] second = {0.5f, 0.5f};
    float[] other = {0.125f, 0.875f};
    assertThat(CelebrityDetector.chosen(new float[][] {other, first, second}))
        .containsExactly(0.375, 0.125);
    assertThat(CelebrityDetector.chosen(new float[][] {other, first}))
        .containsExactly(0.125, 0.875);
  }

  @Test
  void aPlainOrTinyImageHasNoFace() {
    try (SafetensorsFile weights =
            SafetensorsFile.open(ScorerGolden.file("celebrity/mtcnn.safetensors"));
        Mtcnn mtcnn = Mtcnn.load(weights, CPU)) {
      assertThat(mtcnn.detect(new Image(64, 64, new byte[3 * 64 * 64]))).isEmpty();
      assertThat(mtcnn.detect(new Image(4, 4, new byte[48]))).isEmpty();
    }
  }

  @Test
  void cropsAreThoseOfGiphysPreprocessingToTheLastBit() throws Exception {
    Image pair = ScorerGolden.photograph("pair");
    for (JsonNode golden : ScorerGolden.json("celebrity/crops.json")) {
      JsonNode b = golden.get("box");
      float x = (float) b.get(0).asDouble();
      float y = (float) b.get(1).asDouble();
      Box box = new Box(x, y, (float) b.get(2).asDouble() - x, (float) b.get(3).asDouble() - y);
      byte[] rgb = CelebrityDetector.crop(pair, box).rgb();
      String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(rgb));
      assertThat(digest).isEqualTo(golden.get("sha256").asText());
    }
  }

  @Test
  void theWholeDetectorNamesAFaceAndTheNetworkIsTorchvisions(@TempDir Path folder) {
    JsonNode golden = ScorerGolden.json("celebrity/resnet.json");
    Path file = folder.resolve("celebrity.safetensors");
    CelebrityFile.write(
        file, golden, "[\"A\",\"B\",\"C\",\"D\",\"E\",\"F\",\"G\",\"H\",\"I\",\"Tom Cruise\"]");
    try (SafetensorsFile weights = SafetensorsFile.open(file);
        CelebrityNetwork network = CelebrityNetwork.load(weights, CPU);
        NDManager scope = NDManager.newBaseManager()) {
      float[] input = new Noise(7).uniform(scope, 0, 1, new Shape(1, 3, 224, 224)).toFloatArray();
      assertThat(error(network.features(input), golden.get("features"))).isLessThan(1e-5);
      assertThat(error(network.probabilities(input), golden.get("probabilities"))).isLessThan(1e-5);
      assertThat(network.classes()).isEqualTo(10);
    }
    try (CelebrityDetector detector = CelebrityDetector.load(file, CPU)) {
      Sighting sighting = detector.look(ScorerGolden.photograph("astronaut"));
      assertThat(sighting.faces()).isEqualTo(1);
      assertThat(detector.names()).contains(sighting.name());
      assertThat(sighting.is(sighting.name() + "\u00a0")).isTrue();
      assertThat(sighting.probability()).isBetween(0.1, 1.0);
      assertThat(detector.look(new Image(64, 64, new byte[3 * 64 * 64])))
          .isEqualTo(Sighting.FACELESS);
      detector.requireKnown("tom cruise");
      detector.requireKnown("Tom\u00a0Cruise\u200b");
      assertThatThrownBy(() -> detector.requireKnown("Nobody"))
          .isInstanceOf(RealeraException.class)
          .hasMessageContaining("does not know 'Nobody'");
    }
  }

  @Test
  void aFileWithoutTheClassifierSaysWhatIsMissing() {
    assertThatThrownBy(
            () -> CelebrityDetector.load(ScorerGolden.file("celebrity/mtcnn.safetensors"), CPU))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
              assertThat(e.remedy()).contains("convert_celebrity.py");
            })
        .hasMessageContaining("resnet.conv1.weight is missing");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "null | its 'labels' are no list of names",
        "7 | its 'labels' are no list of names",
        "[\"A\", null] | its 'labels' have no name for class 1",
        "[\" \", \"B\"] | its 'labels' have no name for class 0",
        "[\"Al\", \"B\", \"al\"] | its 'labels' have the name 'al' twice",
        "[\"Al B\", \"al\u00a0 b\"] | its 'labels' have the name 'al\u00a0 b' twice",
        "[\"A\", \"\u200b\"] | its 'labels' have no name for class 1",
      })
  void namesThatTellNotAllClassesApartAreRefused(
      String labels, String message, @TempDir Path folder) {
    Path file = folder.resolve("celebrity.safetensors");
    SafetensorsWriter.write(
        file,
        Map.of("labels", labels),
        List.of(TensorSource.of("x", DType.F32, List.of(), new float[1])));
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      assertThatThrownBy(() -> CelebrityDetector.names(weights, file))
          .isInstanceOfSatisfying(
              RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
          .hasMessageContaining(file.toString())
          .hasMessageContaining(message);
    }
  }

  /** Relative error of a vector. */
  private static double error(float[] found, JsonNode golden) {
    assertThat(found).hasSize(golden.size());
    double error = 0;
    double norm = 0;
    for (int i = 0; i < found.length; i++) {
      double expected = golden.get(i).asDouble();
      error += Math.pow(found[i] - expected, 2);
      norm += expected * expected;
    }
    return Math.sqrt(error / norm);
  }
}
