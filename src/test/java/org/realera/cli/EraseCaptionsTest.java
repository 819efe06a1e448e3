package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.cli.EraseLine.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --prior-captions}. */
class EraseCaptionsTest {
  private static final String MODEL = "src/test/resources/golden/tiny-sd";

  @TempDir private Path folder;

  private CommandRun run(String method, Path captions) {
    List<String> line = new ArrayList<>(List.of("erase", "-m", MODEL, "-c", "house=city"));
    line.addAll(List.of("--method", method, "--prior-captions", captions.toString()));
    line.addAll(List.of("--set", "report.pictures=never", "-o", folder.resolve("out").toString()));
    return CommandRun.with(CommandRun.liveCore(), line.toArray(String[]::new));
  }

  @Test
  void theFileStandsInTheRecipeOfAnyMethodThatHoldsText() throws IOException {
    Path file = Files.writeString(folder.resolve("captions.txt"), "the family\n");
    for (String method : List.of("realera", "speed", "oce")) {
      assertThat(
              recipe(
                      "erase",
                      "-c",
                      "cat=dog",
                      "--method",
                      method,
                      "--prior-captions",
                      file.toString())
                  .prior()
                  .captions())
          .isEqualTo(file.toString());
    }
  }

  @Test
  void captionsThatAreNoneAreOneLineAndLeaveNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("captions.json"), "{\"annotations\": []}");
    CommandRun none = run("oce", file);
    assertThat(none.code()).isEqualTo(4);
    assertThat(none.err()).contains(file + " has no captions");
    CommandRun missing = run("speed", folder.resolve("missing.txt"));
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("there are no captions");
    CommandRun useless = run("uce", file);
    assertThat(useless.code()).isEqualTo(2);
    assertThat(useless.err()).contains("prior.captions is of no use to uce");
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }
}
