package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.DiffusersModel;
import org.realera.eval.EvalRequest.Source;
import org.realera.golden.Golden;

/** The whole way with real networks, in miniature and with random weights. */
class EngineBackendTest {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: tiny
          prompt: a photo of the {}
          samples: 2
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 16, height: 16}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
          scenes: [sea]
          concepts:
            - {name: cat, synonyms: [kitty], anchor: sky}
            - {name: dog}
          """,
          "tiny");

  @TempDir private Path folder;

  @Test
  void shardsOfRealPicturesMergeToTheBytesOfTheWhole() throws IOException {
    run("whole", Shard.WHOLE);
    run("one", new Shard(1, 2));
    run("two", new Shard(2, 2));
    EvalReport.write(
        List.of(folder.resolve("one"), folder.resolve("two")), folder.resolve("merged"));
    for (String file : List.of("summary.json", "images.csv")) {
      assertThat(folder.resolve("merged").resolve(file))
          .hasSameTextualContentAs(folder.resolve("whole").resolve(file));
    }
  }

  @Test
  void theNativeSizeFollowsFromTheConfigurations() {
    assertThat(Evaluation.nativeSize(DiffusersModel.open(model()))).isEqualTo(16);
  }

  private void run(String out, Shard shard) {
    EvalResult result =
        Evaluation.run(
            new EvalRequest(
                SUITE,
                new Source("tiny", model()),
                null,
                new Source("scorer", Golden.path("tiny-scorer")),
                "cat",
                null,
                "tiny",
                null,
                null,
                null,
                2,
                shard,
                folder.resolve(out),
                "test"),
            "cpu",
            "fp32",
            EvalListener.NONE);
    if (shard.isWhole()) {
      Summary.Model figures = Objects.requireNonNull(result.summary()).runs().get(0).model();
      assertThat(figures.sets()).hasSize(3);
      assertThat(figures.closed().probability().hO()).isNotNull();
    }
  }

  private static Path model() {
    return Golden.path("tiny-sd");
  }
}
