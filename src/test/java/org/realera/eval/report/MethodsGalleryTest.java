package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.eval.metrics.ScoredRuns.CAT;
import static org.realera.eval.metrics.ScoredRuns.DOG;
import static org.realera.eval.metrics.ScoredRuns.HOUND;
import static org.realera.eval.metrics.ScoredRuns.KITTY;
import static org.realera.eval.report.DrawnRuns.TABBY;
import static org.realera.eval.report.DrawnRuns.seen;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.report.Gallery.Captioned;
import org.realera.report.MethodsPage.Line;
import org.realera.report.MethodsPage.Prompt;
import org.realera.report.MethodsPage.Samples;

/** Which images stand under which prompt and beside which method. */
class MethodsGalleryTest {
  private static final String CAT_SEEN = "90 5 5";
  private static final String DOG_SEEN = "5 90 5";
  private static final String SKY_SEEN = "5 5 90";

  @TempDir private Path folder;

  private static ModelRun run(DrawnRuns runs, String label, String dog, String hound)
      throws IOException {
    return runs.run(
        label,
        seen(CAT, SKY_SEEN, SKY_SEEN, SKY_SEEN, SKY_SEEN),
        seen(DOG, DOG_SEEN, DOG_SEEN, dog, dog),
        seen(HOUND, hound, hound, hound, hound),
        seen(KITTY, CAT_SEEN, CAT_SEEN, CAT_SEEN, CAT_SEEN),
        seen(TABBY, CAT_SEEN, CAT_SEEN, CAT_SEEN, CAT_SEEN));
  }

  /** Quick alone lost most of the dog; both together, of the hound. */
  @Test
  void everyMethodHasALineOfTheSameSeeds() throws IOException {
    DrawnRuns runs = new DrawnRuns(folder, "cat", 4);
    ModelRun original = run(runs, "before", DOG_SEEN, DOG_SEEN);
    Samples samples =
        MethodsGallery.of(
            "cat",
            List.of(
                new ModelPair(run(runs, "Quick", SKY_SEEN, DOG_SEEN), original),
                new ModelPair(run(runs, "Thorough", DOG_SEEN, SKY_SEEN), original)));
    assertThat(samples.title()).isEqualTo("cat");
    assertThat(samples.seeds()).isEqualTo("Seeds 0 to 2 of each prompt.");
    assertThat(samples.prompts())
        .containsExactly(
            new Prompt("erased", "Erased", "a cat"),
            new Prompt("related", "Synonym", "kitty"),
            new Prompt("subtype", "Subtype", "a tabby"),
            new Prompt("kept", "Kept, lost most", "a hound"));
    assertThat(samples.lines())
        .containsExactly(
            line(runs, "original", "before"),
            line(runs, "Quick", "Quick"),
            line(runs, "Thorough", "Thorough"));
  }

  private static Line line(DrawnRuns runs, String name, String label) {
    return new Line(
        name,
        List.of(
            strip(runs, name + ": a cat", label, "cat"),
            strip(runs, name + ": kitty", label, "kitty"),
            strip(runs, name + ": a tabby", label, "tabby"),
            strip(runs, name + ": a hound", label, "hound")));
  }

  private static Captioned strip(DrawnRuns runs, String alt, String label, String set) {
    return new Captioned(
        runs.strip(false, label, set + "/0.png", set + "/1.png", set + "/2.png"), alt, "");
  }

  @Test
  void oneSeedIsNoRange() throws IOException {
    DrawnRuns runs = new DrawnRuns(folder, "cat", 1);
    ModelRun only = runs.run("Quick", seen(CAT, SKY_SEEN));
    Samples samples = MethodsGallery.of("cat", List.of(new ModelPair(only, null)));
    assertThat(samples.seeds()).isEqualTo("Seed 0 of each prompt.");
    assertThat(samples.lines())
        .containsExactly(
            new Line(
                "Quick",
                List.of(
                    new Captioned(runs.strip(false, "Quick", "cat/0.png"), "Quick: a cat", ""))));
  }
}
