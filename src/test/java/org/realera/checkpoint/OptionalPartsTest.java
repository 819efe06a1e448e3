package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionalPartsTest {
  /** An infinity in quotes would be a text to diffusers. */
  @Test
  void whatIsNotLeftOutOfAnIndexStaysAsPythonWroteIt() {
    String index = "{\"shift\": -Infinity, \"safety_checker\": [\"a\", \"b\"], \"scale\": NaN}";
    assertThat(OptionalParts.unlisted(index, List.of("safety_checker")).replaceAll("\\s", ""))
        .isEqualTo("{\"shift\":-Infinity,\"safety_checker\":[null,null],\"scale\":NaN}");
  }
}
