package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.realera.diffusion.DrawnWord;
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

  private static Map<String, Object> seen(String role, String word, String shows, double before) {
    return Map.of("role", role, "word", word, "shows", shows, "before", before, "after", 0.4);
  }

  @Test
  void aWordThatTheJudgeDoesNotKnowHasNone() {
    Map<String, Object> review =
        Map.of(
            "judge",
            "somebody",
            "words",
            List.of(
                seen("erased", "airplane", "airplane", 97.6),
                seen("neighbor", "jet", "airplane", 50),
                seen("kept", "dog", "dog", 100)));
    List<Card> cards = SeenImages.cards(CARDS, DRAWN, review);
    assertThat(cards)
        .extracting(Card::seenBefore)
        .containsExactly("98 % airplane", "50 % airplane", "", "100 % dog");
    assertThat(cards)
        .extracting(Card::seenAfter)
        .containsExactly("0 % airplane", "0 % airplane", "", "0 % dog");
    assertThat(SeenImages.note(review)).contains("by somebody.");
  }

  @Test
  void withoutAReviewNothingIsSaid() {
    for (Map<String, ?> none :
        List.<Map<String, ?>>of(Map.of(), Map.of("words", "x"), Map.of("words", List.of(1)))) {
      assertThat(SeenImages.cards(CARDS, DRAWN, none)).isEqualTo(CARDS);
      assertThat(SeenImages.note(none)).isEmpty();
    }
  }
}
