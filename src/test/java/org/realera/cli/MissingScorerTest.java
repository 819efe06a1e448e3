package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;

/** What to do without a scorer is something else than without a model. */
class MissingScorerTest {
  private static final String SCORER =
      "a folder of CLIP%s or `pocket` as the scorer (--scorer; of eval score --with).";

  @TempDir private Path cache;

  private RealeraException missing(String reference, boolean scorer) {
    Map<String, String> env =
        Map.of("HF_HUB_CACHE", cache.toString(), "HF_HUB_OFFLINE", "1", "HOME", cache.toString());
    Services core = CommandRun.liveCore();
    return catchThrowableOfType(
        RealeraException.class,
        () -> {
          if (scorer) {
            core.locateScorer(reference, env);
          } else {
            core.locate(reference, env);
          }
        });
  }

  @Test
  void theRemedyNamesTheCommandAndWhatAScorerMayBe() {
    String name = "openai/clip-vit-base-patch32@refs/pr/15";
    RealeraException scorer = missing(name, true);
    assertThat(scorer.kind()).isEqualTo(RealeraException.Kind.NOT_FOUND);
    assertThat(scorer.remedy())
        .contains("`realera model pull " + name + "`")
        .endsWith("or give " + SCORER.formatted(""))
        .doesNotContain("diffusers", "--model");
    assertThat(missing(name, false).remedy())
        .contains("`realera model pull " + name + "`")
        .endsWith("give a diffusers folder, or use --model pocket.");
  }

  @Test
  void whatIsNoNameEither() {
    assertThat(missing("none", true).remedy())
        .isEqualTo(
            "Give "
                + SCORER.formatted(
                    ", a hub name such as openai/clip-vit-base-patch32@refs/pr/15,"));
    assertThat(missing("none", false).remedy()).startsWith("Give a diffusers folder, a hub name");
  }

  @Test
  void itIsToldByTheCommand() {
    CommandRun run =
        CommandRun.with(
            CommandRun.liveCore(),
            Map.of("HF_HUB_CACHE", cache.toString(), "HF_HUB_OFFLINE", "1"),
            "eval coco -m pocket -o out/none".split(" "));
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("a folder of CLIP or `pocket` as the scorer");
  }
}
