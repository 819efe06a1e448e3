package org.realera.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A small part of scripts/chaos/fuzz.sh: damaged files are read or refused by name. */
class FuzzTest {
  private static final int MUTANTS = 3_000;

  @TempDir private Path root;

  /** A kind whose samples are refused would pass every test of its mutants. */
  @Test
  void everyFileIsReadBeforeItIsDamaged() throws Exception {
    for (Input input : Inputs.all(root)) {
      for (byte[] seed : input.seeds()) {
        Files.write(input.file(), seed);
        input.reader().read(input.file());
      }
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damagedFilesAreReadOrRefusedByName() throws IOException {
    List<Input> inputs = Inputs.all(root);
    List<String> faults = new ArrayList<>();
    for (Input input : inputs) {
      faults.addAll(Fuzz.run(input, MUTANTS / inputs.size(), 1, null).faults());
    }
    assertThat(inputs).hasSizeGreaterThan(45);
    assertThat(faults).isEmpty();
  }
}
