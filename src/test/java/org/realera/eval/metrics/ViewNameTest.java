package org.realera.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.realera.files.Json;

class ViewNameTest {
  private static final ViewName SCORE = new ViewName("CLIP score", false, false);

  @Test
  void tablesAndFilesNameItAlike() throws Exception {
    assertThat(ViewName.CLOSED_SET).hasToString("closed set");
    assertThat(ViewName.OPEN_SET.ofTop1()).hasToString("open set, top-1");
    assertThat(SCORE.ofSubtypes()).hasToString("CLIP score, subtypes");
    assertThat(ViewName.OPEN_SET.ofSubtypes().ofTop1()).hasToString("open set, top-1, subtypes");
    assertThat(Json.WRITER.writeValueAsString(ViewName.OPEN_SET.ofSubtypes()))
        .isEqualTo("\"open set, subtypes\"");
  }

  @Test
  void aSetIsTheSameHoweverItIsCounted() {
    assertThat(ViewName.CLOSED_SET.ofTop1().ofSubtypes().isClosedSet()).isTrue();
    assertThat(ViewName.CLOSED_SET.isOpenSet()).isFalse();
    assertThat(ViewName.OPEN_SET.ofTop1().ofSubtypes().isOpenSet()).isTrue();
    assertThat(SCORE.isClosedSet() || SCORE.isOpenSet()).isFalse();
  }
}
