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
import org.realera.files.Digests;
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
  void noOtherFileIsRun(@TempDir Path folder) throws Exception {
    Path text = folder.resolve("inception.pt");
    Files.writeString(text, "not a network");
    refused(text, Kind.DAMAGED, "is not FID's Inception network, and is not run");
    // A network that is whole, but for one byte the one that the tests accept.
    byte[] network = Files.readAllBytes(ScorerGolden.file("fid/inception.pt"));
    network[network.length - 1] ^= 1;
    refused(Files.write(text, network), Kind.DAMAGED, Digests.sha256(network));
    refused(folder.resolve("none.pt"), Kind.NOT_FOUND, "there is no Inception network");
    refused(folder, Kind.NOT_FOUND, "there is no Inception network");
  }

  /** A program of torch.jit.save that would write a file. */
  @Test
  void aProgramIsNotRun(@TempDir Path folder) {
    Path evil = ScorerGolden.file("fid/evil.pt");
    refused(evil, Kind.DAMAGED, "a TorchScript file is a program");
    assertThat(Path.of("realera-evil")).doesNotExist();
  }

  @Test
  void nvidiasNetworkIsTheOneThatIsKnown() throws Exception {
    Path list = Path.of("src/main/resources/org/realera/scorer/inception.sha256");
    assertThat(Files.readString(list))
        .isEqualTo(
            "f58cb9b6ec323ed63459aa4fb441fe750cfe39fafad6da5cb504a16f19e958f4"
                + "  inception-2015-12-05.pt\n");
  }

  private static void refused(Path file, Kind kind, String message) {
    assertThatThrownBy(() -> Inception.load(file, CPU, Resizing.CLEAN))
        .isInstanceOfSatisfying(RealeraException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
