package org.realera.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite;

class ImagesCsvTest {
  private static final Labels LABELS = new Labels(List.of("cat", "Jack, in \"Titanic\""), 1);
  private static final ImageSet SET =
      new ImageSet("cat", Role.ERASED, "cat", "cat", "a cat, \"black\"\nor white");
  private static final RunInfo INFO =
      new RunInfo(
          RunInfo.SCHEMA,
          "test",
          "suite",
          "label",
          "model",
          "abc",
          "cat",
          null,
          List.of(SET),
          2,
          new Suite.Sampler("ddim", 2, 3, 8, 8),
          null,
          null,
          2,
          "cpu",
          "fp32",
          Shard.WHOLE,
          List.of(),
          new RunInfo.Scoring(
              "scorer",
              "def",
              "a {}",
              LABELS,
              ScorerKind.CLIP_CLASSIFIER,
              MetricSet.ERASURE,
              null));
  private static final List<ScoredImage> IMAGES =
      List.of(
          new ScoredImage(
              SET,
              SET.prompt(),
              0,
              "images/cat/a_0.png",
              "00",
              List.of(12.345678f, -3.4e-7f),
              null),
          new ScoredImage(
              SET, SET.prompt(), 1, "images/cat/a_1.png", "01", List.of(0.1f, 99.99999f), null));

  @TempDir private Path folder;

  private List<ScoredImage> read(String csv) throws Exception {
    return ImagesCsv.read(Files.writeString(folder.resolve("images.csv"), csv), INFO);
  }

  @Test
  void whatIsWrittenIsReadBackToTheBit() throws Exception {
    String csv = ImagesCsv.write(IMAGES, LABELS);
    assertThat(read(csv)).isEqualTo(IMAGES);
  }

  @Test
  void columnsAreThoseOfTheDocumentation() {
    assertThat(ImagesCsv.write(IMAGES, LABELS))
        .startsWith(
            "set,role,word,subject,prompt,seed,file,sha256,closed_top1,closed_probability,"
                + "open_top1,open_probability,score:cat,\"score:Jack, in \"\"Titanic\"\"\"\n")
        .contains(",01,cat,1.000000,\"Jack, in \"\"Titanic\"\"\",0.000000,0.1,99.99999\n");
  }

  @Test
  void eachThingStandsInItsColumn() {
    ImageSet set = new ImageSet("a-kitty", Role.RELATED, "kitty", "cat", "a kitty");
    Labels labels = new Labels(List.of("cat", "dog", "sky"), 2);
    // Probabilities are 3/4 and 1/4 of the classes, and 3/8, 1/8 and 1/2 of all labels.
    List<Float> scores = List.of((float) Math.log(3), 0f, (float) Math.log(4));
    ScoredImage image = new ScoredImage(set, "drawn from", 7, "images/7.png", "0a", scores, null);
    assertThat(ImagesCsv.write(List.of(image), labels).lines().skip(1))
        .containsExactly(
            "a-kitty,related,kitty,cat,drawn from,7,images/7.png,0a,cat,0.750000,sky,0.375000,"
                + "1.0986123,0.0,1.3862944");
    ScoredImage face = new ScoredImage(set, "p", 8, "8.png", "0b", List.of(1f, 0f, 0.5f), "Jack");
    assertThat(ImagesCsv.write(List.of(face), new Labels(Labels.CELEBRITY, 0)).lines())
        .containsExactly(
            "set,role,word,subject,prompt,seed,file,sha256,closed_top1,closed_probability,"
                + "open_top1,open_probability,score:faces,score:right,score:probability",
            "a-kitty,related,kitty,cat,p,8,8.png,0b,Jack,,,,1.0,0.0,0.5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sha256|digest|line 1: there is no column 'sha256'",
        "score:cat|score:dog|line 1: there is no column 'score:cat'",
        "12.345678|many|not a number",
        "12.345678|NaN|line 2: 'score:cat' is NaN, expected a finite number",
        "12.345678|-Infinity|line 2: 'score:cat' is -Infinity, expected a finite number",
        "99.99999|1e999|line 4: 'score:Jack, in \"Titanic\"' is Infinity, expected a finite number",
        "12.345678,|''|fields, expected 14",
        "erased,cat|erased,cat,cat|fields, expected 14"
      })
  void aFileThatIsUnsoundIsDamaged(String from, String to, String message) {
    String csv = ImagesCsv.write(IMAGES, LABELS);
    String broken = csv.replaceFirst(from, to == null ? "" : to);
    assertThat(broken).isNotEqualTo(csv);
    assertThatThrownBy(() -> read(broken))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageStartingWith(folder.resolve("images.csv") + ", line ")
        .hasMessageContaining(message);
  }

  @Test
  void aFileCutShortInAQuoteIsDamaged() {
    String csv = ImagesCsv.write(IMAGES, LABELS);
    String cut = csv.substring(0, csv.indexOf("or white"));
    assertThatThrownBy(() -> read(cut)).hasMessageContaining("a quote is never closed");
  }

  /** Run files of versions before the other scorers do not say what kind theirs is. */
  @Test
  void aRunFileWithoutAKindOfScorerIsOfAClassifier() {
    String json = RunFiles.toJson(INFO);
    String old = json.replaceAll("(?s),\\s*\"kind\" : \"clip-classifier\",.*?\"erasure\"", "");
    assertThat(old).isNotEqualTo(json).doesNotContain("clip-classifier");
    RunFiles.write(folder.resolve(RunFiles.RUN), old);
    assertThat(RunFiles.requireRun(folder)).isEqualTo(INFO);
  }

  @Test
  void aRunFileSurvivesItsJson() {
    RunFiles.write(folder.resolve(RunFiles.RUN), RunFiles.toJson(INFO));
    assertThat(RunFiles.requireRun(folder)).isEqualTo(INFO);
  }
}
