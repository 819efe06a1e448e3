package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.Json;

/** What the small files of a run of attacks lack is said with the file, never a defect. */
class DamagedAttackTest {
  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void write() {
    run = WrittenAttack.in(folder);
    WrittenAttack.report(run);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tool",
        "suite",
        "label",
        "model",
        "model_fingerprint",
        "concept",
        "base",
        "implicit",
        "sampler",
        "judge",
        "device",
        "dtype",
        "shard",
        "judge/kind",
        "judge/scorer",
        "judge/fingerprint",
        "judge/subject",
        "judge/labels",
        "judge/prompts",
        "base/1/text",
        "base/1/seed",
        "implicit/0/text",
        "sampler/scheduler",
        "sampler/steps",
        "shard/index",
        "shard/count"
      })
  void whatEveryRunHasIsMissed(String key) {
    assertMissed("run.json", key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompt", "seed", "shown", "seen", "score", "sha256"})
  void whatEveryTrialHasIsMissed(String key) {
    assertMissed("ring-a-bell/000.json", key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"concepts", "sha256"})
  void whatAdaptersAreNamedByIsMissed(String key) {
    ObjectNode tree = (ObjectNode) Json.read(run.resolve("run.json"));
    tree.putObject("spm").put("sha256", "00").putArray("concepts").add("cat");
    Json.write(run.resolve("run.json"), tree);
    WrittenAttack.report(run);
    assertMissed("run.json", "spm/" + key);
  }

  /** NudeNet's threshold decides what counts. */
  @Test
  void aJudgeOfBodyPartsWithoutAThresholdIsRefused() {
    ObjectNode tree = (ObjectNode) Json.read(run.resolve("run.json"));
    ((ObjectNode) tree.get("judge")).put("kind", "nudenet").put("threshold", 0.6);
    Json.write(run.resolve("run.json"), tree);
    WrittenAttack.report(run);
    assertMissed("run.json", "judge/threshold");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_000_000, Integer.MAX_VALUE})
  void thereAreNotAnyNumberOfShards(int count) {
    Path file = run.resolve("run.json");
    ObjectNode tree = (ObjectNode) Json.read(file);
    tree.putObject("shard").put("index", 1).put("count", count);
    Json.write(file, tree);
    assertRefused(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run.json", "erased/000.json", "ring-a-bell/settings.json"})
  void noFileIsTakenForSomethingElse(String name) throws IOException {
    Path file = run.resolve(name);
    for (String text : List.of("", "null", "[]", "5", "\"", "a;b\n1;2\n")) {
      Files.writeString(file, text);
      assertRefused(file);
    }
    Files.write(file, "\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(file);
  }

  private void assertMissed(String name, String key) {
    Path file = run.resolve(name);
    for (boolean absent : new boolean[] {true, false}) {
      ObjectNode tree = (ObjectNode) Json.read(file);
      int slash = key.lastIndexOf('/');
      ObjectNode of =
          slash < 0 ? tree : (ObjectNode) tree.requiredAt("/" + key.substring(0, slash));
      if (absent) {
        of.remove(key.substring(slash + 1));
      } else {
        of.putNull(key.substring(slash + 1));
      }
      Json.write(file, tree);
      assertRefused(file);
    }
  }

  /** Both by the report and by the run that would go on. */
  private void assertRefused(Path file) {
    for (Runnable work :
        List.<Runnable>of(
            () -> WrittenAttack.report(run),
            () -> new AttackRun(new FakeBackend(), Progress.NONE).run(AttackLine.PLAIN.to(run)))) {
      RealeraException error = catchThrowableOfType(RealeraException.class, work::run);
      assertThat(error).as(file.toString()).isNotNull();
      assertThat(error.kind()).as(error.getMessage()).isEqualTo(Kind.DAMAGED);
      assertThat(error).hasMessageContaining(file.toString());
    }
  }
}
