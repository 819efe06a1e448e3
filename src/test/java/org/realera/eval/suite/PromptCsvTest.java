package org.realera.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class PromptCsvTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("list.csv");
  }

  @Test
  void i2pIsReadAsTheDataSetHasIt() throws Exception {
    write(
        "prompt,categories,hard,sd_seed,sd_guidance_scale,sd_image_width",
        "\"a \"\"quoted\"\", prompt \",\"violence, self-harm\",1,4261553411,13,512",
        "two\u00e9,hate,0,612304884,7.5,512");
    assertThat(PromptCsv.i2p(file))
        .containsExactly(
            new ListedPrompt("a \"quoted\", prompt ", 4261553411L, 13.0),
            new ListedPrompt("two\u00e9", 612304884L, 7.5));
  }

  @Test
  void i2pIsReadAsTheErasingMethodsShipIt() throws Exception {
    write(
        "\ufeff,prompt,categories,evaluation_seed,evaluation_guidance,case_number",
        "0,\"over",
        "two lines\",hate,5.0,7,0");
    assertThat(PromptCsv.i2p(file)).containsExactly(new ListedPrompt("over\ntwo lines", 5L, 7.0));
  }

  @Test
  void theCaseOfAColumnsNameMeansNothing() throws Exception {
    write("Prompt, SD_seed,SD_Guidance_Scale ", "a,5,7");
    assertThat(PromptCsv.i2p(file)).containsExactly(new ListedPrompt("a", 5L, 7.0));
    write("prompt,PROMPT", "a,b");
    damaged(() -> PromptCsv.coco(file), "line 1: the header has the column 'prompt' twice");
  }

  @Test
  void cocoTakesItsSeedsOrCounts() throws Exception {
    write("case_number,source,prompt,evaluation_seed,coco_id", "0,coco-30k,A bike.,41337,203564");
    assertThat(PromptCsv.coco(file)).containsExactly(new ListedPrompt("A bike.", 41337L, null));
    write("caption", "A bike.", "A car.");
    assertThat(PromptCsv.coco(file))
        .containsExactly(
            new ListedPrompt("A bike.", 0L, null), new ListedPrompt("A car.", 1L, null));
  }

  @Test
  void preservedCelebritiesAreNamedOnce() throws Exception {
    write(
        ",type,prompt,evaluation_seed",
        "0,erased,A portrait of Melania Trump,1",
        "1,others,A portrait of Adam Driver,1",
        "2,others,A portrait of Adam Driver,2",
        "3,others,A sketch of Adam Driver,1",
        "4,others,A portrait of Bill Murray,1");
    assertThat(PromptCsv.celebrities(file, "A portrait of {}"))
        .containsExactly("Adam Driver", "Bill Murray");
    assertThatThrownBy(() -> PromptCsv.celebrities(file, "A bust of {}"))
        .hasMessageContaining("names nobody to preserve");
  }

  @Test
  void preservedArtistsAreNamedOnce() throws Exception {
    write(
        ",type,artist,prompt,evaluation_seed",
        "0,0,Brent Heighton,Image in the style of Brent Heighton,1",
        "1,1,Alex Garant,A famous artwork by Alex Garant,4",
        "2,1,Alex Garant,A famous artwork by Alex Garant,5");
    assertThat(PromptCsv.artists(file)).isEqualTo(List.of("Alex Garant"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Erase", "target", "2", "kept", "1.0"})
  void aTypeThatIsNeitherKeptNorErasedIsDamaged(String type) throws Exception {
    write("type,artist,prompt", "1,Paul Klee,A portrait of X", type + ",Van Gogh,A bust of Y");
    String what = "line 3: 'type' is '" + type + "', expected others or 1, erased or 0";
    damaged(() -> PromptCsv.artists(file), what);
    damaged(() -> PromptCsv.celebrities(file, "A portrait of {}"), what);
  }

  @Test
  void theCaseOfATypeMeansNothing() throws Exception {
    write("type,artist", "Erased,Van Gogh", "ERASED,Monet", " Others ,Paul Klee", "0,Hokusai");
    assertThat(PromptCsv.artists(file)).containsExactly("Paul Klee");
  }

  @ParameterizedTest
  @CsvSource({"M.C. Escher, M C Escher", "Paul Klee, paul klee", "AC/DC, AC DC"})
  void namesThatWouldHaveOneFolderAreDamaged(String one, String other) throws Exception {
    write("type,artist,prompt", "1," + one + ",A bust of " + one, "0,Monet,", "1," + other + ",-");
    damaged(
        () -> PromptCsv.artists(file),
        "line 4: '" + other + "' would have the folder of pictures of '" + one + "' in line 2");
    write("type,prompt", "others,A bust of " + one, "others,A bust of " + other);
    damaged(
        () -> PromptCsv.celebrities(file, "A bust of {}"),
        "line 3: '" + other + "' would have the folder of pictures of '" + one + "' in line 2");
    write("type,artist", "1," + one, "0," + other, "1," + one);
    assertThat(PromptCsv.artists(file)).containsExactly(one);
  }

  /** A name once in each form of its accent, and one with a blank that does not break. */
  @Test
  void aNameIsOneHoweverItIsWrittenForTheModel() throws Exception {
    write(
        "type,artist,prompt",
        "1,Salvador Dal\u00ed,A portrait of Paul\u00a0Klee\u200b",
        "1,Salvador Dali\u0301,A\u00a0portrait of Paul Klee");
    assertThat(PromptCsv.artists(file)).containsExactly("Salvador Dal\u00ed");
    assertThat(PromptCsv.celebrities(file, "A portrait of {}")).containsExactly("Paul Klee");
  }

  @Test
  void aNameThatLostALetterBeforeIsDamaged() throws Exception {
    write("type,artist,prompt", "1,Paul Klee,A bust of X", "1,Dal\uFFFD,A bust of Dal\uFFFD");
    String what = "has a character that could not be read (U+FFFD)";
    damaged(() -> PromptCsv.artists(file), "line 3: 'Dal\uFFFD' " + what);
    damaged(
        () -> PromptCsv.celebrities(file, "A bust of {}"), "line 3: 'A bust of Dal\uFFFD' " + what);
    assertThat(PromptCsv.coco(file))
        .extracting(ListedPrompt::prompt)
        .containsExactly("A bust of X", "A bust of Dal\uFFFD");
  }

  @Test
  void aMissingColumnNamesFileAndColumns() throws Exception {
    write("text,sd_seed", "a,1");
    damaged(
        () -> PromptCsv.i2p(file), "has no column 'prompt' or 'caption' (found: text, sd_seed)");
    write("prompt,sd_seed", "a,1");
    damaged(() -> PromptCsv.i2p(file), "has no column 'sd_guidance_scale' or");
    write("type,prompt", "1,a");
    damaged(() -> PromptCsv.artists(file), "has no column 'artist' (found: type, prompt)");
  }

  @Test
  void inASuiteALineWithoutASeedHasItsIndex() throws Exception {
    write("prompt,sd_seed,sd_guidance_scale", "a,5,7", "b,,7");
    assertThat(PromptCsv.i2p(file)).extracting(ListedPrompt::seed).containsExactly(5L, 1L);
    assertThat(PromptCsv.coco(file)).extracting(ListedPrompt::seed).containsExactly(5L, 1L);
    assertThat(PromptCsv.prompts(file)).extracting(ListedPrompt::seed).containsExactly(5L, null);
  }

  /** As line 2,260 of the published list has it. */
  @Test
  void anEmptyPromptOfI2pIsAPromptToo() throws Exception {
    write("prompt,sd_seed,sd_guidance_scale", "a,1,7", ",4261564198,7.5");
    assertThat(PromptCsv.i2p(file))
        .containsExactly(new ListedPrompt("a", 1L, 7.0), new ListedPrompt("", 4261564198L, 7.5));
  }

  @Test
  void aPromptThatTheModelReadsNothingInIsEmpty() throws Exception {
    write("prompt,sd_seed,sd_guidance_scale", "\u00a0\u200b,1,\u00a0");
    assertThat(PromptCsv.i2p(file)).containsExactly(new ListedPrompt("", 1L, null));
    assertThat(PromptCsv.prompts(file)).containsExactly(new ListedPrompt("", 1L, null));
    damaged(() -> PromptCsv.coco(file), "line 2: 'prompt' is empty");
    write("prompt,sd_seed", "\u00a0,\u200b");
    damaged(() -> PromptCsv.prompts(file), "line 2: 'prompt' is empty");
  }

  @Test
  void aLineThatMakesNoSenseIsNamed() throws Exception {
    write("prompt,sd_seed,sd_guidance_scale", "a,1,7", "b,x,7");
    damaged(() -> PromptCsv.i2p(file), "line 3: 'seed' is 'x', expected a number");
    write("prompt,sd_seed,sd_guidance_scale", "a,1,NaN");
    damaged(() -> PromptCsv.i2p(file), "line 2: 'guidance' is 'NaN', expected a number");
    write("prompt,sd_seed,sd_guidance_scale", "a,1,7", "b,2,1e999");
    damaged(() -> PromptCsv.i2p(file), "line 3: 'guidance' is '1e999', expected a finite number");
    write("prompt,sd_seed,sd_guidance_scale", "a,1.5,7");
    damaged(() -> PromptCsv.i2p(file), "the seed '1.5' is no whole number");
    write("prompt,note,note, prompt", "a,,,b");
    damaged(() -> PromptCsv.coco(file), "line 1: the header has the column 'prompt' twice");
    write("prompt,evaluation_seed", "a,1", ",2");
    damaged(() -> PromptCsv.coco(file), "line 3: 'prompt' is empty");
    write("prompt,sd_seed,sd_guidance_scale", "a,1,7", "b,2");
    damaged(() -> PromptCsv.i2p(file), "line 3: 2 fields, expected 3 as above");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1                     | negative  | Write a number in that range, or leave the cell empty.",
        "-1e999999999           | negative  | Write a number in that range, or leave the cell empty.",
        "9223372036844775808    | too large | Write 4284967296 in its place: the pictures are",
        "9223372036854775813    | too large | Write 5 in its place: the pictures are the same",
        "18446744073709551615   | too large | Write 4294967295 in its place: the pictures are",
        "18446744073709551616   | too large | Write a number in that range, or leave the cell empty.",
        "1e999999999            | too large | Write a number in that range, or leave the cell empty."
      })
  void aSeedOutOfRangeIsDamaged(String seed, String what, String remedy) throws Exception {
    write("prompt,sd_seed,sd_guidance_scale", "a,9223372036844775807,7");
    assertThat(PromptCsv.i2p(file))
        .containsExactly(new ListedPrompt("a", 9223372036844775807L, 7.0));
    write("prompt,sd_seed,sd_guidance_scale", "a,0,7", "b," + seed + ",7");
    String message =
        "line 3: the seed '"
            + seed
            + "' is "
            + what
            + ", expected a whole number from 0 to 9223372036844775807";
    for (ThrowingCallable reader :
        List.<ThrowingCallable>of(
            () -> PromptCsv.i2p(file), () -> PromptCsv.coco(file), () -> PromptCsv.prompts(file))) {
      damaged(reader, message);
      assertThatThrownBy(reader)
          .isInstanceOfSatisfying(
              RealeraException.class, e -> assertThat(e.remedy()).startsWith(remedy));
    }
  }

  /** As a spreadsheet of another country saves it. */
  @Test
  void semicolonsAndLatin1AreDamaged() throws Exception {
    write("prompt;evaluation_seed", "a;1");
    damaged(() -> PromptCsv.coco(file), "line 1: the header has no column 'prompt'");
    Files.write(file, "prompt\na\ncaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    damaged(() -> PromptCsv.coco(file), "line 3: the text is not UTF-8");
  }

  @Test
  void quotesThatDoNotFitAreDamaged() throws Exception {
    write("prompt,evaluation_seed", "a,1", "\"b,2", "c,3");
    damaged(() -> PromptCsv.coco(file), "line 3: a quote is never closed");
    write("prompt,evaluation_seed", "\"\"b\"\",2");
    damaged(() -> PromptCsv.coco(file), "line 2: text follows a closing quote");
  }

  @Test
  void emptyAndMissingFilesAreErrors() throws Exception {
    write("prompt,sd_seed,sd_guidance_scale");
    damaged(() -> PromptCsv.i2p(file), "has no lines below its header");
    Files.write(file, new byte[0]);
    damaged(() -> PromptCsv.coco(file), "list.csv");
    assertThatThrownBy(() -> PromptCsv.coco(folder.resolve("none.csv")))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  private void damaged(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("list.csv")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private void write(String... lines) throws Exception {
    Files.write(file, List.of(lines), StandardCharsets.UTF_8);
  }
}
