package org.realera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class RecipeReaderTest {
  private static EraseRecipe parse(String yaml) {
    return RecipeReader.parse("r.yaml", yaml);
  }

  @Test
  void whatIsChangedInCodeIsCheckedAsWhatIsRead() {
    EraseRecipe recipe = EraseRecipe.DEFAULT.with("mining.d1", 0.5).with("report.kept", List.of());
    assertThat(recipe).isEqualTo(parse("mining: {d1: 0.5}\nreport: {kept: []}"));
    assertThat(recipe.with("mining", EraseRecipe.DEFAULT.mining()).mining().d1()).isEqualTo(0.72);
    assertThatThrownBy(() -> recipe.with("mining.d1", 2))
        .hasMessage("beyond.d2 is 1.1, but must be greater than mining.d1, which is 2.0");
    assertThat(recipe.with(Map.of("mining.d1", 2, "beyond.d2", 3)).mining().d1()).isEqualTo(2);
    assertThatThrownBy(() -> recipe.with("mining.d3", 2)).hasMessage("unknown key mining.d3");
  }

  private static RealeraException errorOf(String yaml) {
    RealeraException error = catchThrowableOfType(RealeraException.class, () -> parse(yaml));
    assertThat(error).as("error of:\n" + yaml).isNotNull();
    assertThat(error.kind()).isEqualTo(Kind.USAGE);
    return error;
  }

  @Test
  void anEmptyFileIsTheDefault() {
    assertThat(parse("")).isEqualTo(EraseRecipe.DEFAULT);
    assertThat(parse("# nothing\n")).isEqualTo(EraseRecipe.DEFAULT);
    assertThat(parse("mining:\n")).isEqualTo(EraseRecipe.DEFAULT);
  }

  @Test
  void keysThatArePresentReplaceTheDefaultAndNothingElse() {
    EraseRecipe recipe =
        parse(
            """
            concepts:
              - {concept: Tom Cruise, anchor: a person}
            seed: 7
            mining: {samples: 1_000, enabled: False}
            alignment:
              learning_rate: 1e-4
            """);
    assertThat(recipe.concepts()).containsExactly(new ConceptPair("Tom Cruise", "a person"));
    assertThat(recipe.seed()).isEqualTo(7);
    assertThat(recipe.mining())
        .isEqualTo(new MiningSettings(false, 1000, 0.72, 0.18, 0.98, 0.70, 0));
    assertThat(recipe.alignment().learningRate()).isEqualTo(1e-4);
    assertThat(recipe.beyond()).isEqualTo(EraseRecipe.DEFAULT.beyond());
  }

  @Test
  void aTextMayLookLikeAnotherType() {
    assertThat(parse("preserve: [1984, yes, 'null', \"#1\"]").preserve())
        .containsExactly("1984", "yes", "null", "#1");
  }

  @Test
  void anUnknownKeyIsAnErrorWithItsLineAndTheNearestKnownOne() {
    RealeraException error = errorOf("seed: 1\nmining:\n  d1: 0.5\n  sample: 3\n");
    assertThat(error).hasMessage("r.yaml, line 4: unknown key mining.sample");
    assertThat(error.remedy()).isEqualTo("Did you mean mining.samples?");
  }

  @Test
  void anUnknownKeyLikeNoOtherIsAnErrorThatListsTheKnownOnes() {
    RealeraException error = errorOf("beyond:\n  temperature: 3\n");
    assertThat(error).hasMessage("r.yaml, line 2: unknown key beyond.temperature");
    assertThat(error.remedy()).isEqualTo("Known here are: enabled, samples, d2.");
  }

  @Test
  void moreSamplesThanMakeSenseAreAnError() {
    assertThat(errorOf("mining: {samples: 2000000000}"))
        .hasMessageContaining("mining.samples is 2000000000, but must be at most 100000");
    assertThat(errorOf("beyond: {samples: 100001}")).hasMessageContaining("at most 100000");
  }

  @Test
  void aFolderIsNoRecipe() {
    Path folder = Path.of("configs");
    assertThat(catchThrowableOfType(RealeraException.class, () -> RecipeReader.read(folder)))
        .hasMessage("configs is a folder, not a recipe");
  }

  @Test
  void aHyphenForAnUnderscoreIsRecognised() {
    assertThat(errorOf("closed-form: {mu: 1}").remedy()).isEqualTo("Did you mean closed_form?");
  }

  @Test
  void aWrongTypeIsAnErrorWithKeyLineAndWhatWasExpected() {
    assertThat(errorOf("\nmining:\n  samples: many\n"))
        .hasMessage("r.yaml, line 3: mining.samples must be a whole number, found \"many\"");
    assertThat(errorOf("mining: {samples: 2.5}"))
        .hasMessage("r.yaml, line 1: mining.samples must be a whole number, found \"2.5\"");
    assertThat(errorOf("mining: {enabled: 1}"))
        .hasMessage("r.yaml, line 1: mining.enabled must be true or false, found \"1\"");
    assertThat(errorOf("mining: {d1: }"))
        .hasMessage("r.yaml, line 1: mining.d1 must be a number, found nothing");
    assertThat(errorOf("mining: 3"))
        .hasMessage("r.yaml, line 1: mining must be a group of keys, found \"3\"");
    assertThat(errorOf("preserve: cat"))
        .hasMessage("r.yaml, line 1: preserve must be a list of texts, found \"cat\"");
    assertThat(errorOf("preserve: [[cat]]"))
        .hasMessage("r.yaml, line 1: preserve must be a list of texts, found a list");
    assertThat(errorOf("- a\n- b\n"))
        .hasMessage("r.yaml, line 1: the recipe must be a group of keys, found a list");
    assertThat(errorOf("concepts: [cat]"))
        .hasMessage(
            "r.yaml, line 1: concepts must be a list of {concept: ..., anchor: ...}, found"
                + " \"cat\"");
  }

  @Test
  void aKeyThatStandsTwiceIsAnErrorWithItsLine() {
    assertThat(errorOf("seed: 1\nmining:\n  d1: 0.5\n  d1: 0.6\n"))
        .hasMessageContaining("r.yaml, line 4: duplicate key 'd1'");
  }

  @Test
  void anAliasOrAnAnchorIsAnErrorWithItsLine() {
    assertThat(errorOf("seed: 1\ntemplates: &x [\"{}\"]\npreserve: *x\n"))
        .hasMessage("r.yaml, line 2: the anchor &x is not supported");
    assertThat(errorOf("seed: 1\npreserve: [*x]\n"))
        .hasMessageStartingWith("r.yaml, line 2: the alias *x");
    assertThat(errorOf("mining: &m\n  d1: 0.5\n"))
        .hasMessage("r.yaml, line 1: the anchor &m is not supported");
    assertThat(errorOf("seed: 1\nmining:\n  <<: *m\n"))
        .hasMessageStartingWith("r.yaml, line 3: the alias *m");
    assertThat(errorOf("seed: 1\n&k preserve: [cat]\n"))
        .hasMessage("r.yaml, line 2: the anchor &k is not supported");
    assertThat(errorOf("seed: &s 1\n")).hasMessageContaining("line 1: the anchor &s");
    assertThat(errorOf("seed: 1\n*k : [cat]\n"))
        .hasMessageStartingWith("r.yaml, line 2: the alias *k");
    assertThat(parse("preserve: ['*x', \"&y\"]").preserve()).containsExactly("*x", "&y");
  }

  @Test
  void aTagIsAnErrorWithItsLine() {
    assertThat(errorOf("# ours\n!!python/object:os.system {}\n"))
        .hasMessageStartingWith("r.yaml, line 2: the tag tag:yaml.org,2002:python/object:os");
    assertThat(errorOf("seed: 1\nmining: !ours {}\n"))
        .hasMessage("r.yaml, line 2: the tag !ours is not supported");
    assertThat(errorOf("preserve: [cat,\n !!null dog]\n"))
        .hasMessageStartingWith("r.yaml, line 2: the tag tag:yaml.org,2002:null");
    assertThat(parse("preserve: ['!ours', \"!!null x\"]").preserve())
        .containsExactly("!ours", "!!null x");
  }

  @Test
  void whatTheParserRefusesIsSaidAndNotWhatItWasReading() {
    assertThat(errorOf("mining:\n\tsamples: 40\n"))
        .hasMessageStartingWith("r.yaml, line 2: found character '\\t(TAB)'");
    assertThat(errorOf("preserve: [cat\nseed: 1\n"))
        .hasMessageStartingWith("r.yaml, line 2: expected ',' or ']'");
  }

  /** As templates of other programs have it: {{concept}}. */
  @Test
  void aKeyThatIsNoTextIsSaidInPlainWords() {
    for (String key : List.of("{{concept}: cat}", "? [a, b]\n: cat", "{[a]: cat}")) {
      assertThat(errorOf("seed: 1\npreserve:\n  - " + key.replace("\n", "\n    ") + "\n"))
          .hasMessage("r.yaml, line 3: a key is a list or a group of keys");
    }
  }

  @Test
  void aSecondDocumentIsAnErrorWithItsLine() {
    for (String second : List.of("\nseed: 2\n", " {seed: 2}\n", "", "\n\n\nseed: 2", " text")) {
      assertThat(errorOf("mining:\n  d1: 0.5\n---" + second))
          .hasMessage("r.yaml, line 3: a second document begins here");
    }
    assertThat(errorOf("---\n---\nseed: 1\n")).hasMessageContaining("a second document");
    assertThat(errorOf("seed: 1\n...\nseed: 2\n")).hasMessageStartingWith("r.yaml, line ");
    assertThat(parse("---\nseed: 1\n").seed()).isEqualTo(1);
    assertThat(parse("---\nseed: 1\n...\n").seed()).isEqualTo(1);
  }

  @Test
  void aKeyInTheWrongGroupIsAnErrorThatNamesTheRightOnes() {
    assertThat(errorOf("d1_anchor: 0.1").remedy()).isEqualTo("Did you mean mining.d1_anchor?");
    assertThat(errorOf("closed_form: {guidance: 3}").remedy())
        .isEqualTo("Did you mean report.guidance?");
    assertThat(errorOf("samples: 3").remedy())
        .isEqualTo("Did you mean mining.samples or beyond.samples?");
  }

  @Test
  void aPairWithoutAnchorIsAnError() {
    assertThat(errorOf("seed: 1\nconcepts:\n  - concept: cat\n"))
        .hasMessage("r.yaml, line 3: concepts.anchor is missing");
  }

  @Test
  void aValueOutOfRangeIsAnErrorWithItsLine() {
    assertThat(errorOf("mining:\n  d1_anchor: 0.8\n"))
        .hasMessage(
            "r.yaml, line 2: mining.d1_anchor is 0.8, but must be less than mining.d1, which is"
                + " 0.72");
    assertThat(errorOf("seed: -1")).hasMessage("r.yaml, line 1: seed is -1, but must be 0 or more");
    assertThat(errorOf("closed_form: {mu: .nan}")).hasMessageContaining("closed_form.mu");
    assertThat(errorOf("closed_form: {mu: Infinity}")).hasMessageContaining("closed_form.mu");
    for (String number : List.of("NaN", "-.inf", "1e999", "0x1p3", "1d", "1,5")) {
      assertThat(errorOf("closed_form:\n  mu: '" + number + "'"))
          .hasMessage("r.yaml, line 2: closed_form.mu must be a number, found \"" + number + "\"");
    }
    assertThat(errorOf("seed: 3\nmining: {s1: 0.5}"))
        .hasMessageStartingWith("r.yaml, line 2: mining.s2 is 0.7, but");
    assertThat(errorOf("mining: {s1: 0.5}")).hasMessageContaining("mining.s2 is 0.7");
    assertThat(errorOf("mining: {d1: 2}")).hasMessageContaining("beyond.d2 is 1.1");
    assertThat(errorOf("templates: [no slot]")).hasMessageContaining("{} in it exactly once");
    assertThat(errorOf("templates: []")).hasMessageContaining("at least one");
    assertThat(errorOf("preserve: ['  ']")).hasMessage("r.yaml, line 1: preserve is empty");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "preserve: [x, Beyonc\uFFFD]                      | preserve",
        "concepts: [{concept: Beyonc\uFFFD, anchor: man}] | concepts.concept",
        "concepts: [{concept: man, anchor: Beyonc\uFFFD}] | concepts.anchor",
        "report: {kept: [Beyonc\uFFFD]}                   | report.kept",
        "report: {neighbors: [Beyonc\uFFFD]}              | report.neighbors",
        "prior: {without: [Beyonc\uFFFD]}                 | prior.without"
      })
  void aNameThatLostALetterBeforeIsAnError(String yaml, String key) {
    assertThat(errorOf("seed: 1\n" + yaml))
        .hasMessage(
            "r.yaml, line 2: "
                + key
                + " is \"Beyonc\uFFFD\", with a character that could not be read (U+FFFD)");
  }

  /** As transformers does. */
  @Test
  void inATemplateTheModelPassesOverALostLetter() {
    assertThat(RecipeReader.parse("r.yaml", "templates: [\"a caf\uFFFD by {}\"]").templates())
        .containsExactly("a caf by {}");
  }

  @Test
  void anAnchorEqualToTheConceptIsAnError() {
    assertThat(errorOf("concepts:\n  - {concept: Cat, anchor: ' cat'}"))
        .hasMessageContaining("line 2: concepts.anchor is \"cat\", the concept itself");
  }

  @Test
  void aConceptBothErasedAndPreservedIsAnError() {
    assertThat(errorOf("concepts: [{concept: cat, anchor: dog}]\npreserve: [Cat]"))
        .hasMessageContaining("line 2: preserve has \"Cat\"");
  }

  @Test
  void brokenYamlIsAnErrorWithALine() {
    assertThat(errorOf("seed: 1\nmining: {d1: 0.5\nbeyond: 3")).hasMessageContaining("line ");
    assertThat(errorOf("seed: [1")).hasMessageContaining("line ");
    assertThat(errorOf("\tseed: 1")).hasMessageContaining("line 1");
  }

  @Test
  void noByteSoupEndsInAnythingButARecipeOrAUsageError() {
    Random random = new Random(0);
    String letters = "{}[]:,- \n\t#'\"&*!|>%@`seedminingd1 0.5 true null ~ \u0000é";
    for (int i = 0; i < 5000; i++) {
      StringBuilder yaml = new StringBuilder();
      for (int n = random.nextInt(30); n > 0; n--) {
        yaml.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        assertThat(parse(yaml.toString())).isNotNull();
      } catch (RealeraException e) {
        assertThat(e.kind()).isEqualTo(Kind.USAGE);
      }
    }
  }

  @Test
  void aMissingFileIsNotFound(@TempDir Path folder) {
    RealeraException error =
        catchThrowableOfType(
            RealeraException.class, () -> RecipeReader.read(folder.resolve("x.yaml")));
    assertThat(error.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(error).hasMessageContaining("x.yaml");
  }

  @Test
  void aBinaryFileIsADamagedOne(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("x.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 1});
    assertThat(catchThrowableOfType(RealeraException.class, () -> RecipeReader.read(file)).kind())
        .isEqualTo(Kind.DAMAGED);
  }

  @Test
  void whatIsWrittenReadsBackEqual() {
    EraseRecipe recipe =
        EraseRecipe.DEFAULT
            .with(
                "concepts",
                List.of(new ConceptPair("Tom: \"Cruise\" #1", "yes"), new ConceptPair("7", "~")))
            .with("preserve", List.of("- a", "null", "{x}", "été 🙂"))
            .with("seed", Long.MAX_VALUE)
            .with("mining.enabled", false)
            .with("beyond.enabled", false)
            .with("alignment.enabled", false)
            .paper();
    assertThat(parse(RecipeWriter.toYaml(recipe))).isEqualTo(recipe);
    assertThat(parse(RecipeWriter.toYaml(EraseRecipe.DEFAULT))).isEqualTo(EraseRecipe.DEFAULT);
  }

  @Test
  void thePaperHasNeitherPrefixNorPriorButStillARidge() {
    ClosedFormSettings paper = EraseRecipe.DEFAULT.paper().closedForm();
    assertThat(paper.prefixWeight()).isZero();
    assertThat(paper.priorWeight()).isZero();
    assertThat(paper.mu()).isPositive();
    assertThat(paper.sums()).isEqualTo(ClosedFormSettings.Sums.DRAWN);
    assertThat(EraseRecipe.DEFAULT.with("mining.words", 5).paper().mining().words()).isZero();
  }

  @Test
  void aRecipeWithoutConceptsHasNothingToErase() {
    assertThat(
            catchThrowableOfType(
                RealeraException.class, () -> EraseRecipe.DEFAULT.requireComplete()))
        .hasMessageContaining("nothing to erase");
  }
}
