package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.eval.WrittenRun;

/** Folders of several kinds that are given to {@code realera eval report}. */
class EvalReportCommandTest {
  @TempDir private Path folder;
  private Path written;

  @BeforeEach
  void write() throws IOException {
    written = WrittenRun.in(folder.resolve("written"));
  }

  /** A copy of the run that was written, under another label. */
  private Path run(String name, String label) throws IOException {
    Path run = folder.resolve(name);
    try (Stream<Path> files = Files.walk(written)) {
      for (Path file : files.toList()) {
        Path copy = run.resolve(written.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    Path info = run.resolve("run.json");
    Files.writeString(
        info,
        Files.readString(info).replaceFirst("\"label\" : \"m\"", "\"label\" : \"" + label + "\""));
    return run;
  }

  private Path attack(String name) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    Files.writeString(run.resolve("run.json"), "{\"schema\": \"realera-attack-run/1\"}");
    return run;
  }

  private CommandRun report(Path... folders) {
    return CommandRun.of(
        Stream.concat(Stream.of("eval", "report"), Stream.of(folders).map(Path::toString))
            .toArray(String[]::new));
  }

  /** As a shell writes runs/* out: whichever comes first. */
  @Test
  void runsOfAttacksAmongOthersAreNamedAndNotCalledDamaged() throws IOException {
    Path run = run("runs/airplane", "m");
    Path attack = attack("runs/attack");
    for (CommandRun said : List.of(report(run, attack), report(attack, run))) {
      assertThat(said.code()).isEqualTo(2);
      assertThat(said.err())
          .contains(attack + " is a run of attacks, and " + run + " is none")
          .doesNotContain("Remove");
    }
  }

  /**
   * A campaign that was measured and attacked has two pages, and no folder is told to be removed.
   */
  @Test
  void attacksBesideRunsArePointedTo() throws IOException {
    run("out/runs/cat-full", "full");
    attack("out/attacks/cat-full");
    CommandRun said = report(folder.resolve("out"));
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err())
        .contains(folder.resolve("out/attacks") + " has attacks, too")
        .contains("realera eval report " + folder.resolve("out/attacks") + "/*");
  }

  /** A label of the user's own may look like a setting and a value. */
  @Test
  void runsOfOtherLabelsAreNoCells() throws IOException {
    run("out/runs/a", "v1-v2");
    run("out/runs/b", "full");
    CommandRun said = report(folder.resolve("out"));
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).contains("v1-v2", "full");
  }

  @Test
  void ofAnAblationItsVariantsArePutTogetherAndItsOwnPageStays() throws IOException {
    run("out/runs/closed_form", "1 closed form");
    run("out/runs/full", "full");
    run("out/runs/d10.38-s20.6", "d10.38-s20.6");
    run("out/runs/m20-n200", "m20-n200");
    Path page = folder.resolve("out/report.html");
    Files.writeString(page, "with maps");
    CommandRun said = report(folder.resolve("out"));
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("out is an ablation, and this page would have no maps");
    assertThat(page).hasContent("with maps");
    CommandRun elsewhere =
        CommandRun.of(
            "eval",
            "report",
            folder.resolve("out").toString(),
            "--out",
            folder.resolve("page").toString());
    assertThat(elsewhere.code()).as(elsewhere.err()).isZero();
    assertThat(Files.readString(folder.resolve("page/report.html")))
        .contains("What each part does: erasing cat", "1 closed form")
        .doesNotContain("d10.38", "m20-n200");
  }
}
