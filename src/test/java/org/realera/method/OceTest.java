package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;

/** OCE turns the space of the concepts' values; tiny-sd's narrowest layers have 16 dimensions. */
class OceTest extends TinyModelTests {
  private static EraseRecipe recipe(int templates) {
    String texts =
        IntStream.range(0, templates)
            .mapToObj(i -> "\"" + "a ".repeat(i + 1) + "{}\"")
            .collect(Collectors.joining(", "));
    return RecipeReader.parse(
        "a test",
        "method: oce\nconcepts: [{concept: house, anchor: city}]\nprior_scale: 0\n"
            + "expand_prompts: ["
            + texts
            + "]\n");
  }

  private int edited(int templates) throws IOException {
    RecordingRun run = new RecordingRun(folder("run" + templates));
    return new Oce().erase(model, recipe(templates), run, scope).tensors().size();
  }

  @Test
  void moreTextsThanALayerHasDimensionsAreRefused() {
    assertThatThrownBy(() -> edited(15))
        .isInstanceOf(RealeraException.class)
        .hasMessageMatching(
            "the concepts' 16 texts fill all 16 dimensions of \\S+attn2\\.to_v: nothing else could"
                + " be held");
  }

  @Test
  void oneDimensionThatIsLeftIsEnough() throws IOException {
    assertThat(edited(14)).isEqualTo(4);
  }
}
