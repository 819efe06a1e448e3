package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "help",
        "erase --help",
        "generate --help",
        "help erase",
        "eval --help",
        "scope --help",
        "eval ablation --help",
        "eval attack --help",
        "eval report --help",
        "eval score --help",
        "model --help",
        "model pull --help",
        "model list --help",
        "model info --help",
        "model convert --help"
      })
  void helpGoesToStdoutAndFitsEightyColumns(String line) {
    CommandRun run = CommandRun.of(line.split(" "));
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isNotBlank();
    assertThat(run.out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
    // picocli breaks lines after any full stop, within "e.g.", "2.x" and "realera.json", too.
    assertThat(run.out())
        .doesNotContainPattern(
            "[ (](e|[0-9]|realera|run|attack|summary|report)\\.\\n {20,}[a-z0-9]");
  }

  @Test
  void theTopHelpNamesEveryExitCode() {
    String help = CommandRun.of("--help").out();
    for (ExitCode code : ExitCode.values()) {
      assertThat(help).containsPattern("(?m)^  " + code.code() + " ");
    }
  }

  @Test
  void theVersionIsOnTheFirstLineForScriptsAndBelowItWhatItRunsOn() {
    CommandRun run = CommandRun.of("--version");
    assertThat(run.code()).isZero();
    assertThat(run.out().lines().map(line -> line.replaceFirst("[: ].*", "")))
        .containsExactly("realera", "java", "engine", "device", "natives");
  }

  @ParameterizedTest
  @CsvSource({
    "erase, true",
    "generate, true",
    "eval, true",
    "eval ablation, true",
    "eval score, false",
    "scope, false"
  })
  void whatAlwaysComputesInFp32OffersADeviceAndNoType(String command, boolean typed) {
    String help = CommandRun.of((command + " --help").split(" ")).out();
    assertThat(help).contains("--device=DEVICE");
    assertThat(help.contains("--dtype=TYPE")).isEqualTo(typed);
  }

  @Test
  void aTypeThatWouldBeIgnoredIsRefused() {
    CommandRun run = CommandRun.of("scope", "-c", "cat", "-m", "pocket", "--dtype", "fp16");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("unknown option '--dtype' for 'realera scope'");
  }

  @Test
  void theVersionTellsTheDeviceThatTheEnvironmentAsksFor() {
    Services core = new CommandRun.FakeCore();
    CommandRun bad = CommandRun.with(core, Map.of("REALERA_DEVICE", "banana"), "--version");
    assertThat(bad.code()).isZero();
    assertThat(bad.out())
        .contains("device: none: REALERA_DEVICE is 'banana', which is no device\n")
        .contains("engine: DJL");
    CommandRun far = CommandRun.with(core, Map.of("REALERA_DEVICE", "cuda:99"), "--version");
    assertThat(far.out()).contains("device: none: there is no device cuda:99");
    CommandRun cpu = CommandRun.with(core, Map.of("REALERA_DEVICE", "CPU"), "--version");
    assertThat(cpu.out()).contains("device: cpu, ");
  }
}
