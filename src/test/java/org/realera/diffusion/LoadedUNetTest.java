package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.safetensors.SafetensorsFile;
import org.realera.tensor.Engine;

/** What a loaded network holds of its file: the whole mapped, or nothing. */
class LoadedUNetTest {
  private static final Path MAPS = Path.of("/proc/self/maps");

  @TempDir Path folder;
  private Path file;

  /** A file of this test's own, so that no other test has it mapped. */
  @BeforeEach
  void copy() throws IOException {
    assumeTrue(Files.isReadable(MAPS), "this system does not tell what is mapped");
    String name = "diffusion_pytorch_model.safetensors";
    file = Files.copy(Golden.path("tiny-sd").resolve("unet/" + name), folder.resolve(name));
  }

  private List<String> mappedBy(String precision) throws IOException {
    Checkpoint tiny = Checkpoint.open(Golden.path("tiny-sd"));
    try (SafetensorsFile weights = SafetensorsFile.open(file);
        UNet unet = UNet.load(weights, tiny.unetConfig(), Engine.compute("cpu", precision))) {
      assertThat(unet.passes()).isZero();
      return Files.readAllLines(MAPS).stream().filter(line -> line.contains(folder + "/")).toList();
    }
  }

  /** The pages of a mapping are memory of this process for as long as the file is open. */
  @Test
  void whatIsCastLeavesNothingBehind() throws IOException {
    assertThat(mappedBy("bf16")).isEmpty();
  }

  @Test
  void inTheFilesOwnTypeItComputesOnTheFile() throws IOException {
    assertThat(mappedBy("fp32")).isNotEmpty();
  }
}
