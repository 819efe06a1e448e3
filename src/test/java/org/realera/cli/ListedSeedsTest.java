package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.golden.Golden;

/** Seeds of a list that are none here, as all commands that draw from one see them. */
class ListedSeedsTest {
  private static final String SUITE =
      """
      name: mine
      samples: 1
      sampler: {scheduler: ddim, steps: 1, guidance: 7.5, width: 16, height: 16}
      scorer: {kind: clip-score, model: pocket}
      metrics: mean
      list: {kind: captions}
      concepts: [{name: cat}, {name: dog}]
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"-1,negative", "18446744073709551615,too large"})
  void aListWithASeedOutOfRangeIsRefusedByAllCommands(String seed, String what) throws IOException {
    Path list = Files.writeString(folder.resolve("list.csv"), "prompt,seed\na cat," + seed + "\n");
    Path suite = Files.writeString(folder.resolve("mine.yaml"), SUITE);
    String model = Golden.path("tiny-sd").toString();
    for (List<String> command :
        List.of(
            List.of("generate", "-m", "pocket", "--prompt-file", list.toString()),
            List.of("eval", "attack", "-m", "pocket", "--erase", "cat", "--prompts", "" + list),
            List.of(
                "eval",
                suite.toString(),
                "-m",
                model,
                "--device",
                "cpu",
                "--scorer",
                Golden.path("tiny-scorer").toString(),
                "--prompts",
                list.toString()))) {
      List<String> line = new ArrayList<>(command);
      line.addAll(List.of("-o", folder.resolve("out").toString()));
      CommandRun run = CommandRun.with(CommandRun.liveCore(), line.toArray(String[]::new));
      assertThat(run.code()).as(run.err()).isEqualTo(4);
      assertThat(run.err())
          .contains(
              list + ", line 2: the seed '" + seed + "' is " + what + ", expected a whole number");
    }
  }
}
