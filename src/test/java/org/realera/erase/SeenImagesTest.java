package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Sight;
import org.realera.diffusion.Verdict;
import org.realera.report.EraseReport;
import org.realera.report.EraseReport.Card;

/** A review's figures come below the images that they are of. */
class SeenImagesTest {
  private static final List<DrawnWord> DRAWN =
      List.of(
          word(DrawnWord.Role.ERASED, "airplane"),
          word(DrawnWord.Role.NEIGHBOR, "jet"),
          word(DrawnWord.Role.NEIGHBOR, "blimp"),
          word(DrawnWord.Role.KEPT, "dog"));
  private static final List<Card> CARDS =
      DRAWN.stream()
          .map(
              word ->
                  new Card(
                      EraseReport.Role.valueOf(word.role().name()),
                      word.word(),
                      "",
                      List.of(),
                      List.of()))
          .toList();

  private static DrawnWord word(DrawnWord.Role role, String word) {
    return new DrawnWord(role, word, "airplane", List.of(), List.of());
  }

  private static Sight seen(DrawnWord.Role role, String word, String shows, double before) {
    return new Sight(role, word, shows, before, 0.4);
  }

  @Test
  void aWordThatTheJudgeDoesNotKnowHasNone() {
    Verdict review =
        new Verdict(
            "somebody",
            List.of(
                seen(DrawnWord.Role.ERASED, "airplane", "airplane", 97.6),
                seen(DrawnWord.Role.NEIGHBOR, "jet", "airplane", 50),
                seen(DrawnWord.Role.KEPT, "dog", "dog", 100)));
    List<Card> cards = SeenImages.cards(CARDS, DRAWN, review);
    assertThat(cards)
        .extracting(Card::seenBefore)
        .containsExactly("98 % airplane", "50 % airplane", "", "100 % dog");
    assertThat(cards)
        .extracting(Card::seenAfter)
        .containsExactly("0 % airplane", "0 % airplane", "", "0 % dog");
    assertThat(SeenImages.note(review)).contains("by somebody.");
  }

  /** The same word may be drawn as a neighbor and as one to keep. */
  @Test
  void aFigureIsThatOfTheWordInItsRole() {
    Verdict review =
        new Verdict("somebody", List.of(seen(DrawnWord.Role.KEPT, "airplane", "airplane", 50)));
    assertThat(SeenImages.cards(CARDS, DRAWN, review)).isEqualTo(CARDS);
  }

  @Test
  void withoutAReviewNothingIsSaid() {
    assertThat(SeenImages.cards(CARDS, DRAWN, null)).isEqualTo(CARDS);
    assertThat(SeenImages.note(null)).isEmpty();
  }
}
