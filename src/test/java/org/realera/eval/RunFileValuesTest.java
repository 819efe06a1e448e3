package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.checkpoint.ModelRef;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SldSettings;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.Digests;
import org.realera.files.Json;

/** Which value stands under which key of {@code run.json} and {@code summary.json}. */
class RunFileValuesTest {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: two
          prompt: a photo of the {}
          samples: 4
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 8, height: 16}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a picture of {}"}
          scenes: [sky]
          published: ["1"]
          concepts:
            - {name: cat, synonyms: [kitty], anchor: sky}
            - {name: dog}
          """,
          "two");
  private static final SafeGuidance SAFE = new SafeGuidance("nudity", SldSettings.STRONG);

  @TempDir private Path folder;

  private EvalRequest request(Shard shard, Drawn drawn) {
    return new EvalRequest(
        SUITE,
        new ModelRef("a/b", Path.of("no-cat")),
        null,
        new ModelRef("c/d", Path.of("clip")),
        new Subject("cat", "lawn", "RealEra"),
        drawn,
        shard,
        folder.resolve("run"),
        "0.2.1");
  }

  private JsonNode read(String name) {
    return Json.read(folder.resolve("run").resolve(name));
  }

  private static void assertTree(JsonNode found, String typed) throws IOException {
    assertThat(Json.text(found)).isEqualTo(Json.text(Json.READER.readTree(typed)));
  }

  @Test
  void aRunTellsWhatItWasMadeWith() throws IOException {
    FakeBackend backend = new FakeBackend();
    backend.device = "cuda";
    Drawn drawn = new Drawn(2, 5, 7.5, 3, SAFE, Path.of("adapters"));
    new Evaluation(backend, Progress.NONE).run(request(new Shard(2, 3), drawn));
    assertTree(
        read(RunFiles.RUN),
        """
        {"schema": "realera-eval-run/1", "tool": "0.2.1", "suite": "two", "label": "RealEra",
         "model": "a/b", "model_fingerprint": "%s", "concept": "cat", "anchor": "lawn",
         "sets": [
           {"name": "cat", "role": "erased", "word": "cat", "subject": "cat",
            "prompt": "a photo of the cat"},
           {"name": "dog", "role": "kept", "word": "dog", "subject": "dog",
            "prompt": "a photo of the dog"},
           {"name": "kitty", "role": "related", "word": "kitty", "subject": "cat",
            "prompt": "a photo of the kitty"}],
         "samples": 2,
         "sampler": {"scheduler": "ddim", "steps": 5, "guidance": 7.5, "width": 8, "height": 16},
         "safe": {"text": "nudity", "settings": {"name": "strong", "warmup": 7, "scale": 2000.0,
           "threshold": 0.025, "momentum_scale": 0.5, "momentum_decay": 0.7}},
         "spm": {"concepts": ["cat"], "sha256": "%s"},
         "batch": 3, "device": "cuda", "dtype": "fp32", "shard": {"index": 2, "count": 3},
         "published": ["1"],
         "scoring": {"scorer": "c/d", "scorer_fingerprint": "%s", "prompt": "a picture of {}",
           "labels": {"names": ["cat", "dog", "lawn", "sky"], "closed": 2},
           "kind": "clip-classifier", "metrics": "erasure"}}
        """
            .formatted(
                Digests.sha256("no-cat"), Digests.sha256("adapters"), Digests.sha256("clip")));
  }

  /** Beside the figures, which SummaryTest holds. */
  @Test
  void aSummaryTellsWhatItsFiguresAreOf() throws IOException {
    Drawn drawn = new Drawn(3, null, null, 4, null, null);
    EvalResult result =
        new Evaluation(new FakeBackend(), Progress.NONE).run(request(Shard.WHOLE, drawn));
    JsonNode summary = read(RunFiles.SUMMARY);
    JsonNode model = summary.at("/runs/0/model");
    for (JsonNode figures : model.path("sets")) {
      ((ObjectNode) figures).remove(List.of("closed", "open"));
    }
    ((ObjectNode) model).remove(List.of("closed", "open"));
    assertTree(
        summary,
        """
        {"schema": "realera-eval-summary/1",
         "runs": [{"suite": "two", "label": "RealEra", "concept": "cat", "anchor": "lawn",
           "samples": 3, "published": ["1"],
           "model": {"fingerprint": "%s",
             "sets": [
               {"name": "cat", "role": "erased", "prompt": "a photo of the cat", "subject": "cat",
                "images": 3},
               {"name": "dog", "role": "kept", "prompt": "a photo of the dog", "subject": "dog",
                "images": 3},
               {"name": "kitty", "role": "related", "prompt": "a photo of the kitty",
                "subject": "cat", "images": 3}]},
           "baseline": null}],
         "averages": []}
        """
            .formatted(Digests.sha256("no-cat")));
    assertThat(result.drawn()).isEqualTo(9);
    assertThat(result.kept()).isZero();
  }
}
