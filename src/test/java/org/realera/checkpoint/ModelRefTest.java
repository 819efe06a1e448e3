package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelRefTest {
  @ParameterizedTest
  @CsvSource({"pocket,pocket", "out/no-cat,no-cat", "owner/name,name", "/,/"})
  void tablesCallItByTheLastPartOfItsName(String name, String shortName) {
    assertThat(new ModelRef(name, Path.of("elsewhere")).shortName()).isEqualTo(shortName);
  }
}
