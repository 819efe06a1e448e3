package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.attack.AttackName;
import org.realera.checkpoint.ModelRef;
import org.realera.config.AttackReader;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.files.Digests;
import org.realera.files.Json;

/** Which value stands under which key of an attack's {@code run.json} and {@code attack.json}. */
class AttackFileValuesTest {
  private static final PromptPlan PROMPTS =
      PromptPlan.of(
          new PromptBook(
              List.of("a photo of the {}", "an {}"),
              List.of(
                  new PromptBook.Topic(
                      "airplane", null, List.of("wings"), List.of("a biplane"), null, null))),
          "airplane",
          2);

  @TempDir private Path folder;

  private AttackRequest request(Shard shard) {
    return new AttackRequest(
        AttackLine.SUITE,
        new Suite.Sampler("ddim", 4, 5.5, 16, 32),
        new AttackedModel(
            new ModelRef("a/b", Path.of("no-airplane")),
            "RealEra",
            new ModelRef("c/d", Path.of("original")),
            Path.of("adapters")),
        new ModelRef("e/f", Path.of("clip")),
        "airplane",
        "lawn",
        new AttackPlan(
            PROMPTS,
            List.of(AttackName.IMPLICIT, AttackName.PROBE),
            AttackReader.read("pocket", List.of())),
        shard,
        null,
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
  void aRunTellsWhatWasAttackedAndWhoJudged() throws IOException {
    new AttackRun(new FakeBackend(), Progress.NONE).run(request(new Shard(2, 3)));
    assertTree(
        read(RunFiles.RUN),
        """
        {"schema": "realera-attack-run/2", "tool": "0.2.1", "suite": "tiny", "label": "RealEra",
         "model": "a/b", "model_fingerprint": "%s", "baseline": "c/d",
         "baseline_fingerprint": "%s", "spm": {"concepts": ["cat"], "sha256": "%s"},
         "concept": "airplane", "anchor": "lawn",
         "base": [{"text": "a photo of the airplane", "seed": 0},
           {"text": "an airplane", "seed": 1}],
         "implicit": [{"text": "wings", "seed": 0, "kind": "description"},
           {"text": "a biplane", "seed": 1, "kind": "subtype"}],
         "sampler": {"scheduler": "ddim", "steps": 4, "guidance": 5.5, "width": 16, "height": 32},
         "judge": {"kind": "clip-classifier", "scorer": "e/f", "fingerprint": "%s",
           "subject": "airplane", "labels": ["airplane", "bird", "lawn", "sky"],
           "prompts": ["a photo of the airplane", "a photo of the bird", "a photo of the lawn",
             "a photo of the sky"]},
         "device": "cpu", "dtype": "fp32", "shard": {"index": 2, "count": 3}}
        """
            .formatted(
                Digests.sha256("no-airplane"),
                Digests.sha256("original"),
                Digests.sha256("adapters"),
                Digests.sha256("clip")));
  }

  /** Beside the figures, which AttackRunTest and AttackFiguresTest hold. */
  @Test
  void aSummaryTellsWhatItsFiguresAreOf() throws IOException {
    new AttackRun(new FakeBackend(), Progress.NONE).run(request(Shard.WHOLE));
    JsonNode summary = read("attack.json");
    ((ObjectNode) summary.at("/models/0")).remove("figures");
    ((ObjectNode) summary.at("/runs/0")).remove("figures");
    assertTree(
        summary,
        """
        {"schema": "realera-eval-attack/2", "judge": "CLIP (e/f), best of 4 labels",
         "models": [{"label": "RealEra", "concepts": ["airplane"]}],
         "runs": [{"label": "RealEra", "concept": "airplane", "anchor": "lawn", "suite": "tiny",
           "model": "a/b", "fingerprint": "%s", "baseline": "c/d",
           "spm": {"concepts": ["cat"], "sha256": "%s"}, "incomplete": []}]}
        """
            .formatted(Digests.sha256("no-airplane"), Digests.sha256("adapters")));
  }
}
