package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.Progress;
import org.realera.checkpoint.ModelRef;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.Shard;

/** Parts of a run, and the whole made of them. */
class ShardsTest extends RunsOfThreeClasses {
  @Test
  void shardsMergeToTheBytesOfAnUnshardedRun() throws IOException {
    run("whole", "no-cat", "cat", 4, Shard.WHOLE);
    for (int i = 1; i <= 3; i++) {
      EvalResult shard = run("shard" + i, "no-cat", "cat", 4, new Shard(i, 3));
      assertThat(shard.summary()).isNull();
    }
    EvalReport.write(List.of(at("shard3"), at("shard1"), at("shard2")), at("merged"));
    for (String file : List.of("summary.json", "images.csv")) {
      assertThat(at("merged").resolve(file))
          .as(file)
          .hasSameTextualContentAs(at("whole").resolve(file));
    }
  }

  @Test
  void shardsThatMissAreNamed() {
    run("shard1", "no-cat", "cat", 4, new Shard(1, 3));
    run("shard3", "no-cat", "cat", 4, new Shard(3, 3));
    assertRefused(
        () -> EvalReport.write(List.of(at("shard1"), at("shard3")), at("merged")),
        "shards are missing beside",
        "2/3");
  }

  /** Of a campaign, whose every run lacks the same shard: nothing need be made again. */
  @Test
  void shardsThatMissOfSeveralRunsAreNamed() {
    run("cat", "no-cat", "cat", 4, new Shard(1, 2), "full");
    run("dog", "no-dog", "dog", 4, new Shard(1, 2), "full");
    assertRefused(
        () -> EvalReport.write(List.of(at("cat"), at("dog")), at("merged")),
        "shards are missing beside " + at("cat") + " and 1 other run: 2/2");
  }

  /** A number that a slip of the keyboard made is no page of text. */
  @Test
  void ofManyShardsThatMissTheFirstAreNamed() {
    run("shard1", "no-cat", "cat", 4, new Shard(1, 40));
    assertThatThrownBy(() -> EvalReport.write(List.of(at("shard1")), at("merged")))
        .hasMessage(
            "shards are missing beside "
                + at("shard1")
                + ": 2/40, 3/40, 4/40, 5/40, 6/40, 7/40, 8/40, 9/40, 10/40, 11/40 and 29 more");
  }

  @Test
  void shardsThatOverlapAreNamed() {
    run("a", "no-cat", "cat", 4, new Shard(1, 2));
    run("b", "no-cat", "cat", 4, new Shard(1, 2));
    run("c", "no-cat", "cat", 4, new Shard(2, 2));
    assertRefused(
        () -> EvalReport.write(List.of(at("a"), at("b"), at("c")), at("merged")),
        "shard 1/2 is there twice");
  }

  @Test
  void shardsOfDifferentModelsAreNotMerged() {
    run("a", "no-cat", "cat", 4, new Shard(1, 2));
    run("b", "other", "cat", 4, new Shard(2, 2), "no-cat");
    assertRefused(
        () -> EvalReport.write(List.of(at("a"), at("b")), at("merged")),
        "are not of one run: model no-cat");
  }

  @Test
  void shardsThatWereScoredOtherwiseAreNotMerged() {
    run("a", "no-cat", "cat", 4, new Shard(1, 2));
    Ask second = ask("no-cat", "cat", 4, new Shard(2, 2), "no-cat", null);
    ModelRef other = new ModelRef("other", Path.of("other"));
    new Evaluation(backend, Progress.NONE).run(second.scorer(other).to(at("b")));
    assertRefused(
        () -> EvalReport.write(List.of(at("a"), at("b")), at("merged")),
        "are not of one run: scorer fingerprint");
  }
}
