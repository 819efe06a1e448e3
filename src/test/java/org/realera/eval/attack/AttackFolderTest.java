package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.FileTree;

/** No trial is ever taken for one of another model or of another budget. */
class AttackFolderTest {
  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void attack() {
    run = folder.resolve("run");
    attack(AttackLine.PLAIN);
  }

  private void attack(AttackLine line) {
    new AttackRun(new FakeBackend(), Progress.NONE).run(line.to(run));
  }

  private static RealeraException refused(Runnable work) {
    RealeraException error = catchThrowableOfType(RealeraException.class, work::run);
    assertThat(error).isNotNull();
    return error;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "original",
        "original-implicit",
        "erased",
        "implicit",
        "ring-a-bell",
        "ring-a-bell-original"
      })
  void trialsOfNobodyKnowsWhatAreNotGoneOnWith(String pass) throws IOException {
    Files.delete(run.resolve("run.json"));
    try (Stream<Path> others = Files.list(run)) {
      for (Path other : others.filter(one -> !one.endsWith(pass)).toList()) {
        FileTree.delete(other);
      }
    }
    RealeraException error = refused(() -> attack(AttackLine.PLAIN.model("other")));
    assertThat(error.kind()).isEqualTo(Kind.USAGE);
    assertThat(error).hasMessage(run + " holds attacks, but no run.json that says on which model");
    assertThat(error.remedy()).isEqualTo("Use another --out, or remove that folder.");
    assertThat(run.resolve("run.json")).doesNotExist();
  }

  @Test
  void trialsOfNobodyKnowsWhatBudgetAreNeitherGoneOnWithNorReported() throws IOException {
    Path bell = run.resolve("ring-a-bell");
    Files.delete(bell.resolve("settings.json"));
    AttackLine longer = AttackLine.PLAIN.set("ring_a_bell.generations=5");
    for (Runnable work :
        List.<Runnable>of(
            () -> attack(longer), () -> AttackReport.write(List.of(run), folder.resolve("page")))) {
      RealeraException error = refused(work);
      assertThat(error.kind()).isEqualTo(Kind.USAGE);
      assertThat(error).hasMessage(bell + " has no settings.json that says how it was made");
      assertThat(error.remedy()).isEqualTo("Remove that folder and run realera eval attack again.");
    }
    FileTree.delete(bell);
    attack(longer);
    assertThat(bell.resolve("settings.json")).content().contains("\"generations\" : 5");
  }

  /** A run that was killed before its first trial has left a folder, and maybe half a file. */
  @Test
  void aFolderWithoutTrialsIsGoneOnWith() throws IOException {
    FileTree.delete(run);
    Files.createDirectories(run.resolve("ring-a-bell"));
    Files.writeString(run.resolve("ring-a-bell/000.png"), "cut");
    attack(AttackLine.PLAIN);
    assertThat(run.resolve("attack.json")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"run.json", "ring-a-bell/settings.json"})
  void aFileThatIsCutHasARemedyThatHelps(String name) throws IOException {
    Path file = run.resolve(name);
    Files.writeString(file, Files.readString(file).substring(0, 20));
    RealeraException error = refused(() -> attack(AttackLine.PLAIN));
    assertThat(error.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(error).hasMessageStartingWith(file + " is not JSON: ");
    assertThat(error.remedy())
        .isEqualTo("Remove the folder and run again, or use the version that made it.");
    FileTree.delete(file.getParent());
    attack(AttackLine.PLAIN);
    assertThat(file).exists();
  }
}
