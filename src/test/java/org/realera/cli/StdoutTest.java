package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.OtherJvm;

class StdoutTest {
  /** A stream that takes some bytes and then fails. */
  private static final class Failing extends OutputStream {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final String reason;
    private int room;

    Failing(int room, String reason) {
      this.room = room;
      this.reason = reason;
    }

    @Override
    public void write(int b) throws IOException {
      if (room-- == 0) {
        throw new IOException(reason);
      }
      taken.write(b);
    }
  }

  private static CommandRun run(OutputStream out, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Stdout results = new Stdout(out);
    Console console =
        new Console(
            results.printer(),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("REALERA_MODEL", "pocket"),
            0);
    int code = Main.run(List.of(args), console, new CommandRun.FakeCore(), new Interruption());
    return new CommandRun(
        Main.withResults(code, results, console),
        out.toString(),
        err.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "erase -c cat=dog --dry-run", "erase -c cat=dog --json"})
  void aResultThatAFullDiskSwallowsIsAnError(String line) {
    CommandRun run = run(new Failing(10, "No space left on device"), line.split(" "));
    assertThat(run.code()).isEqualTo(5);
    assertThat(run.err()).contains("realera: error: no space left to write standard output\n");
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoError() {
    CommandRun run = run(new Failing(10, "Broken pipe"), "--help");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
  }

  @Test
  void anotherErrorKeepsItsCode() {
    CommandRun run = run(new Failing(0, "No space left on device"), "erase", "-c", "cat");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).doesNotContain("standard output");
  }

  @Test
  void nothingFollowsWhatWasLost() {
    Failing disk = new Failing(3, "No space left on device");
    Stdout results = new Stdout(disk);
    PrintStream printer = results.printer();
    printer.print("abcdef");
    printer.flush();
    disk.room = 100;
    printer.print("ghi");
    printer.flush();
    assertThat(disk.taken).hasToString("abc");
    assertThat(results.problem()).isPresent();
  }

  @Test
  void theProgramItselfSaysSo() throws Exception {
    File full = new File("/dev/full");
    assumeTrue(full.exists(), "only Linux has a disk that is always full");
    Process process =
        OtherJvm.running(Main.class, "--help").redirectOutput(Redirect.to(full)).start();
    process.getOutputStream().close();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(5);
    assertThat(err).startsWith("realera: error: no space left to write standard output\n");
  }

  @Test
  void theVersionStartsTheEngineItself() throws Exception {
    ProcessBuilder program = OtherJvm.running(Main.class, "--version");
    program.environment().put("REALERA_DEVICE", "cpu");
    Process process = program.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).containsPattern("device: cpu, (1 thread|[2-9]\\d* threads|1\\d+ threads)\n");
  }

  /** A program that is done has nothing to stop when it ends. */
  @Test
  void theProgramEndsWithoutAWord() throws Exception {
    Process process = OtherJvm.running(Main.class, "--help").start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(out).contains("Usage: realera");
    assertThat(err).isEmpty();
  }
}
