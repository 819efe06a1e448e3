package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.cli.EvalAttackCommandTest.RecordingCore;
import org.realera.files.Json;

/** Attacks rest on what the model was made from. */
class AttackBaselineTest {
  @TempDir private Path folder;

  private CommandRun attack(Map<String, String> madeFrom) throws IOException {
    Files.writeString(
        folder.resolve("realera.json"),
        "{\"model\": {\"ref\": \"sd\", \"sha256\": " + Json.tree(madeFrom) + "}}");
    return CommandRun.with(
        new RecordingCore(),
        ("eval attack -c cat -o y --dry-run -m " + folder + " --baseline " + PocketModel.folder())
            .split(" "));
  }

  @Test
  void aBaselineThatTheModelWasNotMadeFromIsRefused() throws IOException {
    Map<String, String> sha256 =
        new TreeMap<>(Checkpoint.open(PocketModel.folder()).fingerprints());
    CommandRun right = attack(sha256);
    assertThat(right.code()).as(right.err()).isZero();
    sha256.put(Checkpoint.UNET, "0".repeat(64));
    CommandRun wrong = attack(sha256);
    assertThat(wrong.code()).as(wrong.out()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("was made from sd, and the baseline")
        .contains("Name with --baseline the model that it was made from.");
  }
}
