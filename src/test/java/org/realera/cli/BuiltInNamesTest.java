package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a built-in name means does not depend on where one stands: the program, started there. */
class BuiltInNamesTest {
  @TempDir private Path temp;

  @Test
  void aFolderOrFileOfThatNameChangesNothing() throws Exception {
    Path directory = Files.createDirectories(temp.resolve("work"));
    Files.createDirectories(directory.resolve("pocket"));
    Files.writeString(directory.resolve("object"), "no recipe");
    String byCard = erase(directory, "-m", "pocket", "-c", "cat", "-a", "dog");
    assertThat(byCard).contains("d1: 0.95");
    String asked = erase(directory, "-m", "pocket", "--config", "object", "-c", "cat", "-a", "dog");
    assertThat(asked).contains("d1: ").isNotEqualTo(byCard);
  }

  private String erase(Path directory, String... args) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "erase",
            "--dry-run");
    builder.command().addAll(List.of(args));
    builder.environment().put("REALERA_CACHE", temp.resolve("cache").toString());
    Path out = temp.resolve("out");
    Path err = temp.resolve("err");
    Process process =
        builder
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended within a minute").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return Files.readString(out);
  }
}
