package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.tensor.Engine;
import org.realera.text.TextModel;

/** Which columns of the attention maps a prompt's concept and its end have. */
class NamedPromptTest {
  private static NamedPrompt house(String folder, boolean endTokens) {
    try (Model model =
            new Model(Checkpoint.open(Golden.path(folder)), Engine.compute("cpu", "fp32"));
        TextModel text = model.loadText();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      return NamedPrompt.of("a photo of the {}", "house", endTokens, text, scope);
    }
  }

  @Test
  void paddingThatIsTheEndTokenGoesWithIt() {
    NamedPrompt house = house("tiny-sd", true);
    int end = house.words().get(house.words().size() - 1) + 1;
    List<Integer> rest = IntStream.range(end, 77).boxed().toList();
    assertThat(house.tokens())
        .startsWith(house.words().get(0))
        .endsWith(rest.toArray(Integer[]::new))
        .hasSize(house.words().size() + rest.size());
  }

  /** SD 2.x pads with "!". */
  @Test
  void paddingThatIsAnotherTokenStays() {
    NamedPrompt house = house("tiny-sd2", true);
    int end = house.words().get(house.words().size() - 1) + 1;
    assertThat(house.tokens()).hasSize(house.words().size() + 1).endsWith(end);
    assertThat(house("tiny-sd2", false).tokens()).isEqualTo(house.words());
  }
}
