package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;

class CampaignFolderTest {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: two
          prompt: a photo of the {}
          samples: 3
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 8, height: 8}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
          scenes: [sky]
          concepts:
            - {name: cat, synonyms: [kitty], anchor: sky}
            - {name: dog, anchor: sky}
          """,
          "two");

  @TempDir private Path folder;

  private void measure(String campaign, String concept, Shard shard) {
    Path out = folder.resolve(campaign).resolve("runs").resolve(concept + "-full");
    EvalRequest request =
        Ask.of(SUITE, "no-" + concept).concept(concept).label("full").shard(shard).to(out);
    new Evaluation(new FakeBackend(), Progress.NONE).run(request);
  }

  @Test
  void campaignsThatAreShardsMergeToTheBytesOfTheWholeOne() throws IOException {
    for (String concept : List.of("cat", "dog")) {
      measure("whole", concept, Shard.WHOLE);
      measure("part1", concept, new Shard(1, 2));
      measure("part2", concept, new Shard(2, 2));
    }
    Path whole = folder.resolve("whole");
    EvalReport.write(
        List.of(whole.resolve("runs/cat-full"), whole.resolve("runs/dog-full")), whole);
    Path merged = folder.resolve("merged");
    EvalReport.write(List.of(folder.resolve("part1"), folder.resolve("part2")), merged);
    assertThat(Files.readString(merged.resolve("summary.json")))
        .contains("\"averages\" : [ {")
        .isEqualTo(Files.readString(whole.resolve("summary.json")));
  }

  @Test
  void aCampaignWithoutRunsIsNamed() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty/runs")).getParent();
    assertThatThrownBy(() -> EvalReport.write(List.of(empty), empty))
        .hasMessageContaining(empty + " is no run folder");
  }
}
