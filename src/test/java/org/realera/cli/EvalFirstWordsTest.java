package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What eval and its attacks say of a command line before anything is drawn. */
class EvalFirstWordsTest {
  @TempDir private Path folder;

  @Test
  void whatTheModelSaysIsTakenOrMissed() throws IOException {
    Files.writeString(
        folder.resolve("realera.json"),
        "{\"recipe\": {\"concepts\": [{\"concept\": \"airplane\", \"anchor\": \"sky\"}]}}");
    String line = "eval attack --baseline pocket -o y -m " + folder;
    assertThat(CommandRun.with(new EvalAttackCommandTest.RecordingCore(), line.split(" ")).err())
        .contains(
            "taking airplane, which realera.json says was erased; name another with --concept")
        .doesNotContain("does not name");
    assertThat(
            CommandRun.with(
                    new EvalAttackCommandTest.RecordingCore(), (line + " -c cat").split(" "))
                .err())
        .contains("realera.json of " + folder + " does not name cat; it names airplane")
        .doesNotContain("taking");
  }

  @Test
  void promptsThatTheModelReadsNothingInAreCounted() throws IOException {
    Path list = folder.resolve("list.csv");
    Files.writeString(list, "prompt,seed\n,1\na cat,2\n\u00a0\u200b,3\n");
    String line = "eval attack -c cat --baseline pocket -o y -m pocket --prompts " + list;
    assertThat(CommandRun.with(new EvalAttackCommandTest.RecordingCore(), line.split(" ")).err())
        .contains(list + ": 2 of its prompts are empty, and drawn as such");
  }

  @Test
  void aMisspeltSuiteIsToldBeforeTheFolderThatIsMissing() {
    assertThat(CommandRun.of("eval", "cifar", "-m", "pocket").err())
        .contains("Did you mean cifar10")
        .doesNotContain("--out");
    CommandRun known = CommandRun.of("eval", "cifar10", "-m", "pocket");
    assertThat(known.code()).isEqualTo(2);
    assertThat(known.err()).contains("--out is missing");
  }

  @Test
  void adaptersArePartOfWhatIsAskedForAndTheirFolderNamesTheConcept() throws IOException {
    EvalCommandTest.RecordingCore core = new EvalCommandTest.RecordingCore();
    CommandRun.with(core, "eval cifar10 -m pocket -c ship --spm a.safetensors -o x".split(" "));
    assertThat(core.seen.get().drawn().spm()).isEqualTo(Path.of("a.safetensors"));
    CommandRun.with(core, "eval cifar10 -m pocket -c ship -o x".split(" "));
    assertThat(core.seen.get().drawn().spm()).isNull();
    Files.writeString(
        folder.resolve("realera.json"),
        "{\"recipe\": {\"concepts\": [{\"concept\": \"ship\", \"anchor\": \"sea\"}]}}");
    String spm = folder.toString();
    assertThat(
            CommandRun.with(core, "eval", "cifar10", "-m", "pocket", "--spm", spm, "-o", "x").err())
        .contains("taking ship, which --spm says was erased; name another with --concept");
    assertThat(core.seen.get().subject().concept()).isEqualTo("ship");
    assertThat(core.seen.get().drawn().spm()).isEqualTo(folder);
  }

  @Test
  void whatComesAlongUnseenWithANameIsNoPartOfIt() throws IOException {
    EvalCommandTest.RecordingCore core = new EvalCommandTest.RecordingCore();
    CommandRun.with(
        core, "eval cifar10 -m pocket -c air\u200bplane\u00a0 -a the\u00a0sky -o x".split(" "));
    assertThat(core.seen.get().subject().concept()).isEqualTo("airplane");
    assertThat(core.seen.get().subject().anchor()).isEqualTo("the sky");
    Files.writeString(
        folder.resolve("realera.json"),
        "{\"recipe\": {\"concepts\": [{\"concept\": \"ship\u00a0\", \"anchor\": \"sea\"}]}}");
    CommandRun.with(core, ("eval cifar10 -o x -m " + folder).split(" "));
    assertThat(core.seen.get().subject().concept()).isEqualTo("ship");
  }
}
