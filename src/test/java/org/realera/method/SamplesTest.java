package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.realera.closedform.ClosedForm;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;

/** What is counted and told while samples are drawn, and the names of the stages. */
class SamplesTest {
  @Test
  void everyChunkIsCountedAndToldSoThatARunCanBeStoppedBetween() {
    EraseRecipe recipe =
        EraseRecipe.DEFAULT
            .with("concepts", List.of(new ConceptPair("a", "b")))
            .with("templates", List.of("{}", "a {}"));
    RecordingRun run = new RecordingRun(Path.of("state"));
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        ClosedForm closedForm = new ClosedForm(4);
        StageTask stage = run.stage(Stage.SAMPLES, 2)) {
      NDArray three = scope.ones(new Shape(3, 2, 4));
      assertThat(Samples.prompts(recipe)).isEqualTo(2);
      Samples samples = new Samples(recipe, stage);
      samples.neighbors(three);
      samples.neighbors(three);
      samples.neighborsDrawn(8);
      samples.beyond(three);
      samples.beyondDrawn(4);
      assertThat(run.done.get(Stage.SAMPLES)).containsExactly(0L, 0L, 0L);
      samples.prompts(1);
      samples.neighbors(three);
      samples.neighborsDrawn(3);
      samples.beyondDrawn(1);
      samples.prompts(2);
      assertThat(run.done.get(Stage.SAMPLES)).containsExactly(0L, 0L, 0L, 1L, 1L, 2L);
      closedForm.map(three, three);
      closedForm.keep(three, 1);
      closedForm.keep(three, 1);
      samples.end(closedForm, List.of());
    }
    assertThat(run.summaries.get(Stage.SAMPLES))
        .isEqualTo("9 neighbors from 11 draws, 3 points beyond from 5 draws");
    assertThat(run.results.get(Stage.SAMPLES))
        .isEqualTo(
            Map.of(
                "neighbors", 9L,
                "neighbor_draws", 11L,
                "beyond", 3L,
                "beyond_draws", 5L,
                "erased_rows", 6L,
                "kept_rows", 12L));
  }

  /** realera.json has these keys. */
  @Test
  void everyStageHasANameForMachinesAndOneForPeople() {
    assertThat(Stage.values())
        .extracting(Stage::key)
        .containsExactly(
            "open",
            "text",
            "prior",
            "samples",
            "closed-form",
            "concept-images",
            "masks",
            "anchor-images",
            "replay-images",
            "fisher",
            "training",
            "fusion",
            "alignment",
            "pictures",
            "write");
    assertThat(Stage.values())
        .extracting(Stage::title)
        .doesNotHaveDuplicates()
        .allMatch(title -> title.length() > 8);
  }
}
