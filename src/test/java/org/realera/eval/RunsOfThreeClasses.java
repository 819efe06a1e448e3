package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.Digests;

/** Runs of a suite of three classes, with networks that are stood in for. */
abstract class RunsOfThreeClasses {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: three
          prompt: a photo of the {}
          samples: 4
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 8, height: 8}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
          scenes: [sky, sea]
          concepts:
            - {name: cat, synonyms: [kitty], anchor: sky}
            - {name: dog, synonyms: [hound]}
            - {name: ship}
          """,
          "three");

  @TempDir Path folder;
  FakeBackend backend = new FakeBackend();

  @BeforeEach
  void freshBackend() {
    backend = new FakeBackend();
  }

  EvalResult run(String out, String model, @Nullable String concept, int samples, Shard shard) {
    return run(out, model, concept, samples, shard, model);
  }

  EvalResult run(
      String out, String model, @Nullable String concept, int samples, Shard shard, String label) {
    return new Evaluation(backend, Progress.NONE)
        .run(request(out, model, concept, samples, shard, label, null));
  }

  EvalRequest request(
      String out,
      String model,
      @Nullable String concept,
      int samples,
      Shard shard,
      String label,
      @Nullable Path baseline) {
    return ask(model, concept, samples, shard, label, baseline).to(at(out));
  }

  Ask ask(
      String model,
      @Nullable String concept,
      int samples,
      Shard shard,
      @Nullable String label,
      @Nullable Path baseline) {
    return Ask.of(SUITE, model)
        .baseline(baseline == null ? null : new ModelRef(baseline.toString(), baseline))
        .concept(concept)
        .label(label)
        .samples(samples)
        .shard(shard);
  }

  Path at(String name) {
    return folder.resolve(name);
  }

  static void assertRefused(Runnable run, String... parts) {
    assertThatThrownBy(run::run)
        .isInstanceOf(RealeraException.class)
        .hasMessageContainingAll(parts);
  }

  /** File name below the run folder to digest. */
  Map<String, String> bytes(String name) throws IOException {
    Map<String, String> result = new TreeMap<>();
    try (Stream<Path> files = Files.walk(at(name))) {
      files
          .filter(Files::isRegularFile)
          .forEach(
              file ->
                  result.put(at(name).relativize(file).toString(), Digests.sha256(List.of(file))));
    }
    return result;
  }
}
