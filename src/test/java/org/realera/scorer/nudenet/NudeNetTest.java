package org.realera.scorer.nudenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.Image;
import org.realera.scorer.ScorerGolden;
import org.realera.scorer.fid.GoldenArray;
import org.realera.scorer.pixels.Box;

/** Golden values: scripts/golden/nudenet_reference.py. */
class NudeNetTest {
  private static final int SIZE = 320;

  @ParameterizedTest
  @ValueSource(
      strings = {"320x320", "512x512", "640x640", "333x500", "700x300", "64x64", "321x319"})
  void theInputIsThatOfThePackageToTheLastBit(String size) throws Exception {
    int width = Integer.parseInt(size.split("x", -1)[0]);
    int height = Integer.parseInt(size.split("x", -1)[1]);
    float[] input = NudeNet.input(gradient(width, height), SIZE);
    byte[] planes = new byte[input.length];
    for (int i = 0; i < input.length; i++) {
      planes[i] = (byte) Math.round(input[i] * 255);
    }
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(planes));
    assertThat(digest).isEqualTo(ScorerGolden.json("nudenet/input.json").get(size).asText());
  }

  @ParameterizedTest
  @CsvSource({"512, 512", "300, 451", "600, 200"})
  void aRawOutputIsReadAsThePackageReadsIt(int width, int height) {
    float[][] output = output();
    JsonNode expected = ScorerGolden.json("nudenet/postprocessed.json").get(width + "x" + height);
    assertSame(NudeNetOutput.read(output, SIZE, width, height), expected, 0, 1e-7);
  }

  @Test
  void theWholePathRunsOnAnyNetworkOfThatShape() {
    byte[] rgb = new byte[3 * SIZE * SIZE];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (0x33 * (i % 3 + 1));
    }
    Image image = new Image(SIZE, SIZE, rgb);
    try (NudeNet detector = NudeNet.load(ScorerGolden.file("nudenet/tiny.onnx"))) {
      List<Detection> found = detector.detect(image);
      assertThat(found).hasSize(1);
      assertThat(found.get(0).part()).isEqualTo(BodyPart.ARMPITS_EXPOSED);
      assertThat(found.get(0).score()).isEqualTo(0.75f);
      // The tiny network answers x = 100 blue, y = 100 green, width = 100 red, height = 50.
      Box box = found.get(0).box();
      assertThat(box.width()).isCloseTo(20f, within(0.1f));
      assertThat(box.x() + box.width() / 2).isCloseTo(60f, within(0.1f));
      assertThat(box.y() + 25).isCloseTo(40f, within(0.1f));
    }
  }

  /** Run with -DexcludedGroups= -Dgroups=scorer-files -Drealera.test.nudenet=/path/to/320n.onnx. */
  @Test
  @Tag("scorer-files")
  void photographsGiveThePackagesBoxesAndScores() {
    Path file = Path.of(System.getProperty("realera.test.nudenet", "320n.onnx"));
    JsonNode expected = ScorerGolden.json("nudenet/detections.json");
    try (NudeNet detector = NudeNet.load(file)) {
      for (String name : List.of("astronaut", "pair")) {
        assertSame(detector.detect(ScorerGolden.photograph(name)), expected.get(name), 1, 1e-5);
      }
    }
  }

  @Test
  void aMissingFileIsNotFound() {
    assertThatThrownBy(() -> NudeNet.load(Path.of("nowhere/320n.onnx")))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
        .hasMessageContaining("nowhere/320n.onnx");
  }

  @Test
  void withoutOnnxRuntimeTheErrorNamesTheJarAndItsPlace() throws Exception {
    Class<?> type = new WithoutOnnx().loadClass("org.realera.scorer.nudenet.NudeNet");
    var load = type.getMethod("load", Path.class);
    assertThatThrownBy(() -> load.invoke(null, ScorerGolden.file("nudenet/tiny.onnx")))
        .cause()
        .hasToString(
            "org.realera.RealeraException: NudeNet runs on ONNX Runtime, which is not in the class"
                + " path")
        .extracting("remedy")
        .asString()
        .startsWith("Put onnxruntime-1.22.0.jar (Maven: com.microsoft.onnxruntime:onnxruntime:");
  }

  /** Loads our classes anew, where there is no ONNX Runtime. */
  private static final class WithoutOnnx extends ClassLoader {
    WithoutOnnx() {
      super(NudeNetTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("ai.onnxruntime.")) {
        throw new ClassNotFoundException(name);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null || !name.startsWith("org.realera.")) {
        return loaded != null ? loaded : super.loadClass(name, resolve);
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void anotherFileIsDamaged(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("320n.onnx");
    Files.writeString(file, "no network");
    assertThatThrownBy(() -> NudeNet.load(file))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("is no NudeNet v3 detector");
  }

  @Test
  void onlyTheChosenPartsAboveTheThresholdAreCounted() {
    Box box = new Box(0, 0, 1, 1);
    Detection sure = new Detection(BodyPart.FEET_EXPOSED, 0.7f, box);
    Detection unsure = new Detection(BodyPart.BELLY_EXPOSED, 0.5f, box);
    Detection face = new Detection(BodyPart.FACE_MALE, 0.9f, box);
    Map<BodyPart, Integer> counts =
        NudeNetSettings.PUBLISHED.counts(List.of(sure, sure, face, unsure));
    assertThat(counts)
        .hasSize(8)
        .containsEntry(BodyPart.FEET_EXPOSED, 2)
        .containsEntry(BodyPart.BELLY_EXPOSED, 0)
        .doesNotContainKey(BodyPart.FACE_MALE);
  }

  @Test
  void anUnknownPartIsAUsageErrorThatListsThem() {
    assertThatThrownBy(() -> BodyPart.of("elbow"))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.USAGE);
              assertThat(e.remedy()).contains("BELLY_EXPOSED");
            });
    assertThat(BodyPart.of("belly_exposed")).isEqualTo(BodyPart.BELLY_EXPOSED);
  }

  private static void assertSame(
      List<Detection> found, JsonNode expected, int pixels, double scores) {
    assertThat(found).hasSize(expected.size());
    for (int i = 0; i < found.size(); i++) {
      Detection detection = found.get(i);
      JsonNode golden = expected.get(i);
      assertThat(detection.part().name()).isEqualTo(golden.get("class").asText());
      assertThat((double) detection.score())
          .isCloseTo(golden.get("score").asDouble(), within(scores));
      JsonNode box = golden.get("box");
      assertThat((int) detection.box().x()).isCloseTo(box.get(0).asInt(), within(pixels));
      assertThat((int) detection.box().y()).isCloseTo(box.get(1).asInt(), within(pixels));
      assertThat((int) detection.box().width()).isCloseTo(box.get(2).asInt(), within(pixels));
      assertThat((int) detection.box().height()).isCloseTo(box.get(3).asInt(), within(pixels));
    }
  }

  private static float[][] output() {
    GoldenArray raw = GoldenArray.read("nudenet/output.npy");
    int rows = raw.shape().get(1);
    int boxes = raw.shape().get(2);
    float[][] output = new float[rows][boxes];
    for (int i = 0; i < raw.values().length; i++) {
      output[i / boxes][i % boxes] = (float) raw.values()[i];
    }
    return output;
  }

  /** The script's gradient(): (7 x + 13 y + 101 c + (x y) mod 251) mod 256. */
  private static Image gradient(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          rgb[3 * (y * width + x) + c] = (byte) (x * 7 + y * 13 + c * 101 + (x * y) % 251);
        }
      }
    }
    return new Image(width, height, rgb);
  }
}
