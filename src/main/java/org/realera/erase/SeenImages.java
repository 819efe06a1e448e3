package org.realera.erase;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.diffusion.DrawnWord;
import org.realera.report.EraseReport.Card;

/** Puts a review's figures under the report's images. */
final class SeenImages {
  private SeenImages() {}

  /**
   * The cards with what their images show.
   *
   * @param cards one for each drawn word, in order
   * @param review as {@link EraseRequest.Review} gives it: {@code words}, in the order of the
   *     images, of which some may be left out. Empty, or of another form: the cards as they are
   */
  static List<Card> cards(List<Card> cards, List<DrawnWord> drawn, Map<String, ?> review) {
    List<?> words = review.get("words") instanceof List<?> list ? list : List.of();
    List<Card> seen = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < cards.size(); i++) {
      Card card = cards.get(i);
      if (next < words.size()
          && words.get(next) instanceof Map<?, ?> word
          && isOf(drawn.get(i), word)) {
        card = card.seen(share(word, "before"), share(word, "after"));
        next++;
      }
      seen.add(card);
    }
    return List.copyOf(seen);
  }

  /** What to know of them; empty if there are none. */
  static String note(Map<String, ?> review) {
    return review.get("judge") instanceof String judge
        ? " The figures under them: how much of the word's class they show, by " + judge + "."
        : "";
  }

  private static boolean isOf(DrawnWord drawn, Map<?, ?> word) {
    return drawn.role().label().equals(word.get("role")) && drawn.word().equals(word.get("word"));
  }

  private static String share(Map<?, ?> word, String moment) {
    return word.get(moment) instanceof Number percent
        ? String.format(Locale.ROOT, "%.0f %% %s", percent.doubleValue(), word.get("shows"))
        : "";
  }
}
