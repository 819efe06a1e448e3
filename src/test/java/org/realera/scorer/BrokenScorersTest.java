package org.realera.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.Image;
import org.realera.golden.Spoiled;
import org.realera.scorer.Scorer.Shown;
import org.realera.scorer.face.CelebrityFile;
import org.realera.scorer.fid.FeatureMoments;
import org.realera.scorer.fid.FeatureStatistics;
import org.realera.scorer.nudenet.NudeNetSettings;

/**
 * Scorers whose networks give NaN: it is above no threshold and nearest to no word, so that nothing
 * would be explicit, nobody seen and every concept erased.
 */
class BrokenScorersTest {
  @TempDir private Path folder;

  private static Shown shown(String name, Image image) {
    return new Shown(image, name, "a cat", "Tom Cruise");
  }

  private static void assertDamaged(Scorer scorer, Image image, String message) {
    try (scorer) {
      RealeraException e =
          catchThrowableOfType(
              RealeraException.class, () -> scorer.score(List.of(shown("a/b.png", image))));
      assertThat(e).hasMessageContaining(message);
      assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    }
  }

  private static Image grey() {
    byte[] rgb = new byte[3 * 64 * 64];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 7);
    }
    return new Image(64, 64, rgb);
  }

  @Test
  void clipsImageEncoderIsNamedWithTheImage() {
    Path clip = Spoiled.copy("tiny-scorer", folder.resolve("clip"));
    Spoiled.tensor(
        clip.resolve("model.safetensors"),
        "vision_model.post_layernorm.bias",
        x -> Float.POSITIVE_INFINITY);
    String message = "a/b.png: CLIP's image encoder gives numbers that are NaN or infinite";
    assertDamaged(Scorers.classifier(clip, List.of("x"), Scorers.compute("cpu")), grey(), message);
    assertDamaged(Scorers.clip(clip, Scorers.compute("cpu")), grey(), message);
  }

  @Test
  void clipsTextEncoderIsNamedWithThePrompt() {
    Path clip = Spoiled.copy("tiny-scorer", folder.resolve("clip"));
    Spoiled.tensor(clip.resolve("model.safetensors"), "text_projection.weight", x -> Float.NaN);
    assertThatThrownBy(
            () -> Scorers.classifier(clip, List.of("a sky"), Scorers.compute("cpu")).close())
        .hasMessage("CLIP's text encoder gives numbers that are NaN or infinite for \"a sky\"");
    assertDamaged(
        Scorers.clip(clip, Scorers.compute("cpu")),
        grey(),
        "CLIP's text encoder gives numbers that are NaN or infinite for \"a cat\"");
  }

  @Test
  void nudeNetIsNamedWithTheImage() throws Exception {
    byte[] network = Files.readAllBytes(ScorerGolden.file("nudenet/tiny.onnx"));
    ByteBuffer floats = ByteBuffer.wrap(network).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i + 4 <= network.length; i++) {
      if (floats.getFloat(i) == 0.75f) {
        floats.putFloat(i, Float.NaN); // the score of the one part that it sees
      }
    }
    Path file = Files.write(folder.resolve("tiny.onnx"), network);
    assertDamaged(
        Scorers.nudeNet(file, NudeNetSettings.PUBLISHED),
        grey(),
        "a/b.png: NudeNet's network " + file + " gives numbers that are NaN or infinite");
  }

  @ParameterizedTest
  @CsvSource({
    "pnet.conv4_1.bias, the face detector MTCNN",
    "rnet.dense5_1.bias, the face detector MTCNN",
    "onet.dense6_1.bias, the face detector MTCNN",
    "resnet.fc2.bias, the celebrity classifier",
    "resnet.bn1.running_mean, the celebrity classifier",
  })
  void theCelebrityDetectorIsNamedWithTheImage(String tensor, String network) {
    Path file = folder.resolve("celebrity.safetensors");
    CelebrityFile.write(
        file,
        ScorerGolden.json("celebrity/resnet.json"),
        "[\"Tom Cruise\",\"B\",\"C\",\"D\",\"E\",\"F\",\"G\",\"H\",\"I\",\"J\"]");
    Spoiled.tensor(file, tensor, x -> Float.NaN);
    assertDamaged(
        Scorers.celebrity(file, List.of("Tom Cruise"), Scorers.compute("cpu")),
        ScorerGolden.photograph("astronaut"),
        "a/b.png: " + network + " gives numbers that are NaN or infinite");
  }

  @Test
  void featuresAndDistancesOfFidAreNumbers() {
    try (FeatureMoments moments = new FeatureMoments();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      float[] features = {1, 2, Float.NaN, 4};
      assertThatThrownBy(
              () -> moments.add(scope.create(features, new ai.djl.ndarray.types.Shape(2, 2))))
          .isInstanceOf(RealeraException.class)
          .hasMessage("FID's Inception network gives features that are NaN or infinite");
    }
    FeatureStatistics huge = new FeatureStatistics(new double[] {1e200}, new double[] {1});
    FeatureStatistics none = new FeatureStatistics(new double[] {0}, new double[] {1});
    assertThatThrownBy(() -> FeatureMoments.distance(huge, none))
        .isInstanceOf(RealeraException.class)
        .hasMessage("the Frechet distance of these feature statistics is Infinity");
  }
}
