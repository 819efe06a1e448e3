package org.realera.golden;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.realera.tensor.Engine;

/**
 * SD v1.4 in its real shapes with random weights against diffusers. Needs 6 GB of memory and the
 * folder that scripts/golden/make_random_sd.py writes:
 *
 * <pre>mvn verify -DexcludedGroups= -Dtest=FullSizeParityTest -Drealera.sd=FOLDER</pre>
 */
@Tag("full-size")
class FullSizeParityTest {

  @Test
  void networksComputeWhatDiffusersComputes() {
    String folder =
        Objects.requireNonNull(
            System.getProperty("realera.sd"), "-Drealera.sd=FOLDER, see make_random_sd.py");
    try (TestModel model = new TestModel(Path.of(folder), Engine.compute("cpu", "fp32"));
        Golden golden = Golden.open("sd-random.safetensors")) {
      Parity.tokens(model, golden);
      Parity.networks(model, golden);
    }
  }
}
