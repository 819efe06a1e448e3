package org.realera.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class ConceptPromptTest {
  private static ClipTokenizer tokenizer;
  private static ClipTokenizer cut;

  @BeforeAll
  static void open() {
    tokenizer = ClipTokenizer.builtIn();
    cut = ClipTokenizer.load(Path.of("src/test/resources/org/realera/text/cut"));
  }

  @AfterAll
  static void close() {
    tokenizer.close();
    cut.close();
  }

  private static RealeraException errorOf(ThrowingCallable call) {
    RealeraException error = catchThrowableOfType(RealeraException.class, call);
    assertThat(error).isNotNull();
    assertThat(error.kind()).isEqualTo(Kind.USAGE);
    assertThat(error.getMessage()).doesNotContain("\n");
    return error;
  }

  private static ConceptSpan find(String prompt, String concept) {
    return ConceptSpan.find(tokenizer.tokenize(prompt), concept, tokenizer);
  }

  @Test
  void aConceptIsFoundAfterTheStartTokenAndTheTemplate() {
    assertThat(find("a photo of the airplane", "airplane")).isEqualTo(new ConceptSpan(5, 1));
    assertThat(find("airplane", "Airplane")).isEqualTo(new ConceptSpan(1, 1));
    assertThat(find("a portrait of Tom Cruise in a car", "Tom Cruise"))
        .isEqualTo(new ConceptSpan(4, 2));
    assertThat(find("a photo of the cat.", "cat")).isEqualTo(new ConceptSpan(5, 1));
  }

  @Test
  void theLastPlaceCountsInAFreePrompt() {
    assertThat(find("a photo of a photo", "photo")).isEqualTo(new ConceptSpan(5, 1));
  }

  @Test
  void theSlotCountsInATemplateThatNamesTheConceptToo() {
    assertThat(ConceptPrompt.of("{} is in a photo", "photo", tokenizer).span())
        .isEqualTo(new ConceptSpan(1, 1));
    assertThat(ConceptPrompt.of("a photo of the {}", "photo", tokenizer).span())
        .isEqualTo(new ConceptSpan(5, 1));
  }

  @Test
  void aConceptThatIsNoSpanOfItsPromptIsAnErrorWithPromptAndTokens() {
    assertThat(errorOf(() -> ConceptPrompt.of("a photo of xq{}", "airplane", tokenizer)))
        .hasMessageContaining("\"airplane\"")
        .hasMessageContaining("\"a photo of xqairplane\"")
        .hasMessageContaining("a|photo|of|x");
    assertThat(errorOf(() -> find("a photo of the sky", "airplane")))
        .hasMessageContaining("is not a span of the prompt's tokens: a|photo|of|the|sky");
  }

  @Test
  void aConceptThatIsCutOffIsAnError() {
    String before = "very ".repeat(73);
    assertThat(ConceptPrompt.of(before + "big {}", "cat", tokenizer).span())
        .isEqualTo(new ConceptSpan(75, 1));
    assertThat(errorOf(() -> ConceptPrompt.of(before + "very big {}", "cat", tokenizer)))
        .hasMessageContaining("is cut off: it takes tokens 76 to 76, the text encoder reads 75");
    assertThat(errorOf(() -> ConceptPrompt.of(before + "big {}", "Tom Cruise", tokenizer)))
        .hasMessageContaining("is cut off");
    assertThat(errorOf(() -> find(before + "very big cat", "cat"))).hasMessageContaining("cut off");
  }

  @Test
  void anEmptyConceptIsAnError() {
    assertThat(errorOf(() -> ConceptPrompt.of("a {}", " \u200b ", tokenizer)))
        .hasMessageContaining("has no tokens");
  }

  @Test
  void priorPromptsAreSpreadOverTheVocabularyAndDiffer() {
    List<String> templates = List.of("a photo of the {}", "{}");
    var prompts = PriorPrompts.choose(tokenizer, templates, 400);
    assertThat(prompts).hasSize(400);
    assertThat(prompts.stream().map(ConceptPrompt::text)).doesNotHaveDuplicates();
    assertThat(prompts.get(399).tokens().ids()[prompts.get(399).span().start()])
        .isGreaterThan(15_000);
  }

  @Test
  void aSmallVocabularyGoesThroughEveryTemplateButNeverRepeats() {
    var prompts = PriorPrompts.choose(cut, List.of("{} one", "{} two"), 10_000);
    assertThat(prompts).hasSize(2 * cut.words(3).size());
    assertThat(prompts.stream().map(ConceptPrompt::text)).doesNotHaveDuplicates();
  }

  @Test
  void aWordThatACutVocabularyCrumblesIsAnErrorWithTheNearestWord() {
    Spelling.requireKnown("the", cut);
    RealeraException error = errorOf(() -> Spelling.requireKnown("the whiich", cut));
    assertThat(error).hasMessageContaining("does not know the word \"whiich\"");
    assertThat(error.remedy()).startsWith("Did you mean \"");
    Spelling.requireKnown("airplnae", tokenizer);
  }

  @Test
  void aWordOneLetterOffGetsASuggestion() {
    assertThat(Spelling.suggestion("airplne", tokenizer)).isEqualTo(Optional.of("airplane"));
    assertThat(Spelling.suggestion("airplane", tokenizer)).isEmpty();
    assertThat(Spelling.suggestion("Greg Rutkowski", tokenizer)).isEmpty();
  }
}
