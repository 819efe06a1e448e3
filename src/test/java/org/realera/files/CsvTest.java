package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class CsvTest {
  @TempDir private Path folder;

  @Test
  void quotesStandOnlyWhereTheyAreNeeded() {
    assertThat(Csv.line(List.of("a", "", " b ", "c,d", "e\"f", "g\nh", "i\rj", "#k", "\tl")))
        .isEqualTo("a,, b ,\"c,d\",\"e\"\"f\",\"g\nh\",\"i\rj\",#k,\tl\n");
  }

  /** Whatever the cells hold, the line is what RFC 4180 says, and the cells come back. */
  @Test
  void anyTextsAreWrittenAsTheyShouldBeAndReadBack() throws IOException {
    Random random = new Random(1);
    String alphabet = "ab ,\"\n\r\t'#;\\-0\u0001\u00e9\u732b";
    StringBuilder text = new StringBuilder("h0,h1,h2,h3\n");
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      List<String> cells = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        StringBuilder cell = new StringBuilder();
        int length = random.nextInt(40);
        for (int k = 0; k < length; k++) {
          cell.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        cells.add(cell.toString());
      }
      rows.add(cells);
      String line = Csv.line(cells);
      assertThat(line)
          .isEqualTo(cells.stream().map(CsvTest::quoted).collect(Collectors.joining(",")) + "\n");
      text.append(line);
    }
    Csv.Table table = Csv.read(write(text.toString()), "again");
    assertThat(table.header()).containsExactly("h0", "h1", "h2", "h3");
    assertThat(table.rows().stream().map(Csv.Row::cells)).isEqualTo(rows);
  }

  private static String quoted(String cell) {
    return cell.matches("(?s).*[,\"\\r\\n].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }

  @Test
  void noCellIsAFormulaAndEveryCellComesBack() throws IOException {
    List<String> cells =
        List.of(
            "=1+1", "+a", "-a", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''x", "a=1", "-0.5", "+1e-3");
    String line = Csv.guardedLine(cells);
    assertThat(line).isEqualTo("'=1+1,'+a,'-a,'@SUM(A1),'\t=1,\"'\r=1\",''=1,''x,a=1,-0.5,+1e-3\n");
    Csv.Table table = Csv.read(write("h,".repeat(10) + "h\n" + line), "again");
    assertThat(table.rows().get(0).cells().stream().map(Csv::unguarded)).isEqualTo(cells);
    assertThat(Csv.guardedLine(List.of("-1", "-Infinity", "NaN", "")))
        .isEqualTo("-1,-Infinity,NaN,\n");
    assertThat(Csv.guardedLine(List.of("-1+cmd|' /C calc'!A0"))).startsWith("'-1+cmd");
  }

  @Test
  void rowsKnowTheirLines() throws IOException {
    Csv.Table table = Csv.read(write("\ufeffa,b\r\n1,\"two\r\nlines\"\r\n\r\n3,4\r\n5,6"), "again");
    assertThat(table.header()).containsExactly("a", "b");
    assertThat(table.rows())
        .containsExactly(
            new Csv.Row(2, List.of("1", "two\r\nlines")),
            new Csv.Row(5, List.of("3", "4")),
            new Csv.Row(6, List.of("5", "6")));
  }

  @Test
  void aLineOfWhatTheModelDoesNotSeeIsNoRow() throws IOException {
    Csv.Table table = Csv.read(write("prompt\n\u00a0\u200b\na cat\n"), "again");
    assertThat(table.rows()).containsExactly(new Csv.Row(3, List.of("a cat")));
  }

  @Test
  void whatIsUnsoundIsDamagedWithFileAndLine() throws IOException {
    assertDamaged("", 1, "the file is empty");
    assertDamaged("a,b\n1,2\n3\n", 3, "1 fields, expected 2 as above");
    assertDamaged("a,b\n1,2,3\n", 2, "3 fields, expected 2 as above");
    assertDamaged("a,b\n1;2\n", 2, "1 fields, expected 2 as above");
    assertDamaged("a,b\n1,2\n3,\"4\n5,6\n", 3, "a quote is never closed");
    assertDamaged("a,b\n\"\"1\"\",2\n", 2, "text follows a closing quote");
    assertDamaged("a,b\n1,\"2\" 3\n", 2, "text follows a closing quote");
    assertDamaged("\"a,b\n1,2\n", 1, "a quote is never closed");
    byte[] latin1 = "a,b\n1,2\ncaf\u00e9,4\n".getBytes(StandardCharsets.ISO_8859_1);
    assertDamaged(latin1, 3, "the text is not UTF-8");
    byte[] cut = "a,b\n1,caf\u00e9".getBytes(StandardCharsets.UTF_8);
    assertDamaged(Arrays.copyOf(cut, cut.length - 1), 2, "the text is not UTF-8");
  }

  @Test
  void aMissingFileIsTheCallersError() {
    assertThatThrownBy(() -> Csv.read(folder.resolve("none.csv"), "again"))
        .isInstanceOf(NoSuchFileException.class);
  }

  private void assertDamaged(String text, int line, String what) throws IOException {
    assertDamaged(text.getBytes(StandardCharsets.UTF_8), line, what);
  }

  private void assertDamaged(byte[] bytes, int line, String what) throws IOException {
    Path file = Files.write(folder.resolve("x.csv"), bytes);
    assertThatThrownBy(() -> Csv.read(file, "again"))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
              assertThat(e.remedy()).isEqualTo("again");
            })
        .hasMessage(file + ", line " + line + ": " + what);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("x.csv"), text);
  }
}
