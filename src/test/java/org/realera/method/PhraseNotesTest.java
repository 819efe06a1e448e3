package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.golden.Golden;
import org.realera.tensor.Engine;
import org.realera.text.TextModel;

/** Texts that may be meant as lists. */
class PhraseNotesTest {
  private static EraseRecipe recipe(String concept, String anchor, String... preserve) {
    return EraseRecipe.DEFAULT
        .with("concepts", List.of(new ConceptPair(concept, anchor)))
        .with("preserve", List.of(preserve));
  }

  @Test
  void aTextWithACommaOrASemicolonIsSaidToBeOnePhrase() {
    assertThat(PhraseNotes.of(recipe("Kelly McKernan; Van Gogh", "art")))
        .containsExactly(
            "\"Kelly McKernan; Van Gogh\" is taken as one phrase: of several, give each an option or"
                + " a line of its own");
    assertThat(PhraseNotes.of(recipe("cat", "dog, horse", "ship", "jet, rocket", "a;b")))
        .containsExactly(
            "\"dog, horse\" is taken as one phrase: of several, give each an option or a line of its"
                + " own (and 2 more such texts)");
  }

  @Test
  void aTextInQuotesIsSaidToBeReadWithThem() {
    assertThat(PhraseNotes.of(recipe("'Tom Cruise'", "a man", "\u201cEmma Stone\u201d")))
        .containsExactly(
            "'Tom Cruise' is read with its quotes: leave them out if they are no part of it (and 1"
                + " more such texts)");
  }

  @Test
  void plainNamesAreTakenWithoutANote() {
    assertThat(PhraseNotes.of(recipe("\"Weird Al\" Yankovic", "rock 'n' roll", "St. John's", "'")))
        .isEmpty();
  }

  @Test
  void anErasureTellsOfThem() {
    RecordingRun run = new RecordingRun(Path.of("unused"));
    try (TextModel text =
        TextModel.load(Checkpoint.open(Golden.path("tiny-sd")), Engine.compute("cpu", "fp32"))) {
      Embedding.checkWords(recipe("house", "city", "book, game"), text, run);
    }
    assertThat(run.notes)
        .singleElement()
        .asString()
        .startsWith("\"book, game\" is taken as one phrase");
  }
}
