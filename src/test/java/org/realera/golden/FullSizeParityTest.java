package org.realera.golden;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.tensor.Engine;

/**
 * SD v1.4 and v2.1 in their real shapes with random weights against diffusers. Needs 8 GB of memory
 * and the folders that scripts/golden/make_random_sd.py writes:
 *
 * <pre>mvn verify -DexcludedGroups= -Dtest=FullSizeParityTest -Drealera.sd=A -Drealera.sd21=B</pre>
 *
 * A model whose folder is not given is skipped, and Maven says so.
 */
@Tag("full-size")
class FullSizeParityTest {

  @ParameterizedTest
  @CsvSource({"realera.sd, sd-random.safetensors", "realera.sd21, sd21-random.safetensors"})
  void networksComputeWhatDiffusersComputes(String property, String reference) {
    String folder = System.getProperty(property);
    assumeThat(folder).as("-D%s=FOLDER, see make_random_sd.py", property).isNotNull();
    try (TestModel model =
            new TestModel(Path.of(Objects.requireNonNull(folder)), Engine.compute("cpu", "fp32"));
        Golden golden = Golden.open(reference)) {
      Parity.tokens(model, golden);
      Parity.networks(model, golden);
    }
  }
}
