package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.ModelRef;
import org.realera.convert.ConvertRequest;
import org.realera.convert.ConvertResult;
import org.realera.convert.ConvertResult.Layer;
import org.realera.convert.Target;

/** What stands in which column and under which key of a conversion. */
class ModelPrinterTest {
  private static final Path OUT = Path.of("lora.safetensors");
  private static final ConvertRequest REQUEST =
      new ConvertRequest(
          new ModelRef("erased", Path.of("erased")),
          Target.LORA,
          OUT,
          Optional.of(new ModelRef("base", Path.of("base"))),
          Optional.empty(),
          Optional.empty(),
          4,
          false);
  private static final ConvertResult RESULT =
      new ConvertResult(
          OUT, 2048, 3, List.of(new Layer("mid.to_k", "32x16", 2, 4, 9, 0.5, 0.001)), List.of());

  @Test
  void aRowOfTheTableTellsWhatTheFactorsMissOfTheChangeAndOfTheWeight() {
    Said said = new Said();
    new ModelPrinter(said.console(), false).converted(REQUEST, RESULT);
    assertThat(said.rows())
        .anySatisfy(row -> assertThat(row).matches(" *rank.*of change.*of weight.*layer"))
        .anySatisfy(
            row ->
                assertThat(row.replace(" | ", " ").strip().replaceAll(" +", " "))
                    .isEqualTo("4 5.00e-01 1.00e-03 mid.to_k (cut; exact from rank 9)"));
  }

  @Test
  void jsonTellsTheSameOfEachLayer() throws IOException {
    Said said = new Said();
    new ModelPrinter(said.console(), true).converted(REQUEST, RESULT);
    JsonNode layer =
        new ObjectMapper().readTree(String.join("\n", said.rows())).get("layers").get(0);
    assertThat(layer.get("rank").asInt()).isEqualTo(4);
    assertThat(layer.get("exact_rank").asInt()).isEqualTo(9);
    assertThat(layer.get("error").asDouble()).isEqualTo(0.5);
    assertThat(layer.get("weight_error").asDouble()).isEqualTo(0.001);
  }
}
