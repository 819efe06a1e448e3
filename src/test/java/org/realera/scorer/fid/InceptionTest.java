package org.realera.scorer.fid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.Image;
import org.realera.scorer.ScorerGolden;
import org.realera.scorer.fid.Inception.Resizing;
import org.realera.tensor.Compute;
import org.realera.tensor.Precision;

/**
 * Golden values: scripts/golden/fid.py; its network has the real one's signature, not its layers.
 */
class InceptionTest {
  private static final Compute CPU = new Compute(Device.cpu(), Precision.FP32);

  @Test
  void featuresAreThoseOfTheUsersNetwork() {
    JsonNode golden = ScorerGolden.json("fid/inception.json").get("features");
    Image pair = ScorerGolden.photograph("pair");
    try (Inception inception =
            Inception.load(ScorerGolden.file("fid/inception.pt"), CPU, Resizing.CLEAN);
        NDManager scope = NDManager.newBaseManager()) {
      var features = inception.features(scope, List.of(pair, pair));
      assertThat(features.getShape().getShape()).containsExactly(2, 24);
      float[] values = features.toFloatArray();
      for (int i = 0; i < values.length; i++) {
        assertThat((double) values[i]).isCloseTo(golden.get(i % 24).asDouble(), within(1e-4));
      }
    }
  }

  @Test
  void theNetworkMayResizeByItself() {
    Image grey = new Image(8, 4, new byte[3 * 32]);
    try (Inception inception =
            Inception.load(ScorerGolden.file("fid/inception.pt"), CPU, Resizing.INSIDE);
        NDManager scope = NDManager.newBaseManager()) {
      assertThat(inception.features(scope, List.of(grey)).toFloatArray()).containsOnly(0f);
    }
  }

  @Test
  void aFileThatIsNoTorchScriptIsDamaged(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("inception.pt");
    Files.writeString(file, "not a network");
    assertThatThrownBy(() -> Inception.load(file, CPU, Resizing.CLEAN))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("inception.pt is no TorchScript archive")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> Inception.load(folder.resolve("none.pt"), CPU, Resizing.CLEAN))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }
}
