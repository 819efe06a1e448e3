package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.cli.EvalCommandTest.RecordingCore;

/** A survey in place of the figures that were meant would be found out after hours. */
class EvalOfUnknownConceptTest {
  private static final String TOLD = "as erased, and suite cifar10-pocket does not have it: all";
  private static final String ANY = "as erased, and suite";

  @TempDir private Path folder;
  private final RecordingCore core = new RecordingCore();

  private void erased(String... concepts) throws IOException {
    List<String> pairs =
        List.of(concepts).stream()
            .map(one -> "{\"concept\": \"" + one + "\", \"anchor\": \"sea\"}")
            .toList();
    Files.writeString(
        folder.resolve("realera.json"), "{\"recipe\": {\"concepts\": " + pairs + "}}");
  }

  private String said(String line) {
    CommandRun run = CommandRun.with(core, line.replace("MODEL", folder.toString()).split(" "));
    assertThat(run.code()).as(run.err()).isZero();
    return run.err();
  }

  @Test
  void aModelOfAConceptThatTheSuiteDoesNotKnowIsSurveyedWithANote() throws IOException {
    erased("aeroplane");
    assertThat(said("eval cifar10 -o x -m MODEL"))
        .containsOnlyOnce("realera.json of " + folder + " names \"aeroplane\" " + TOLD);
    assertThat(core.seen.get().subject().concept()).isNull();
    assertThat(said("eval cifar10 -o x -m MODEL -c airplane")).doesNotContain(TOLD);
    assertThat(said("eval cifar10 -o x -m pocket")).doesNotContain(TOLD);
    assertThat(said("eval cifar10 -o x -m pocket --spm MODEL")).containsOnlyOnce(TOLD);
  }

  @Test
  void oneThatIsKnownIsEnough() throws IOException {
    erased("aeroplane", "Ship");
    assertThat(said("eval cifar10 -o x -m MODEL")).doesNotContain(ANY);
    assertThat(core.seen.get().subject().concept()).isEqualTo("ship");
  }

  @Test
  void aSuiteWithoutConceptsMeasuresTheSameOfEveryModel() throws IOException {
    erased("aeroplane");
    assertThat(said("eval coco -o x -m MODEL --prompts coco.csv")).doesNotContain(ANY);
  }
}
