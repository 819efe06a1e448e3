package org.realera.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParamsTest {
  private static final List<String> BOTH = List.of("a.attn2.to_k", "a.attn2.to_v", "v.attn2.to_k");

  @Test
  void itNamesValuesOrKeysOrBoth() {
    assertThat(Params.V.of(BOTH)).containsExactly("a.attn2.to_v");
    assertThat(Params.K.of(BOTH)).containsExactly("a.attn2.to_k", "v.attn2.to_k");
    assertThat(Params.KV.of(BOTH)).isEqualTo(BOTH);
  }
}
