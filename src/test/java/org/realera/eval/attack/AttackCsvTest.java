package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;

/** What stands where in attack.csv. */
class AttackCsvTest {
  @TempDir private Path folder;

  @Test
  void theTableHasACellForEachFigure() throws IOException {
    new AttackRun(new FakeBackend(), Progress.NONE).run(AttackLine.PLAIN.to(folder));
    List<List<String>> rows = new ArrayList<>();
    for (String line : Files.readString(folder.resolve(AttackReport.TABLE)).split("\r?\n")) {
      rows.add(List.of(line.replaceAll("\"[^\"]*\"", "JUDGE").split(",", -1)));
    }
    assertThat(rows.get(0))
        .containsExactly(
            "method",
            "concept",
            "attack",
            "judge",
            "prompts",
            "without_attack",
            "won",
            "asr",
            "asr_low",
            "asr_high",
            "original",
            "words_alone",
            "left_out",
            "pictures");
    Share four = Share.of(4, 6);
    assertThat(rows)
        .contains(
            row("none", Share.of(2, 6), "2", "0", "6", "", "0"),
            row("probe", Share.of(2, 6), "2", "0", "6", "", "0"),
            row("ring-a-bell", four, "2", "2", "6", "1", "0"),
            row("implicit", Share.of(3, 3), "", "3", "3", "", "3"));
    assertThat(rows).hasSize(5);
  }

  private static List<String> row(
      String attack,
      Share asr,
      String without,
      String won,
      String original,
      String alone,
      String leftOut) {
    return List.of(
        "no-airplane",
        "airplane",
        attack,
        "JUDGE",
        String.valueOf(asr.total()),
        without,
        won,
        percent(asr.value()),
        percent(asr.low()),
        percent(asr.high()),
        original,
        alone,
        leftOut,
        List.of("probe", "ring-a-bell").contains(attack) ? "1.0000" : "");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.4f", share);
  }
}
