package org.realera.erase;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Sight;
import org.realera.diffusion.Verdict;
import org.realera.report.EraseReport.Card;

/** Puts a review's figures under the report's images. */
final class SeenImages {
  private SeenImages() {}

  /**
   * The cards with what their images show.
   *
   * @param cards one for each drawn word, in order
   * @param review in the order of the images, of which some may be left out; null for none: the
   *     cards as they are
   */
  static List<Card> cards(List<Card> cards, List<DrawnWord> drawn, @Nullable Verdict review) {
    List<Sight> sights = review == null ? List.of() : review.sights();
    List<Card> seen = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < cards.size(); i++) {
      Card card = cards.get(i);
      if (next < sights.size() && sights.get(next).isOf(drawn.get(i))) {
        Sight sight = sights.get(next);
        card = card.seen(share(sight.before(), sight), share(sight.after(), sight));
        next++;
      }
      seen.add(card);
    }
    return List.copyOf(seen);
  }

  /** What to know of them; empty if there are none. */
  static String note(@Nullable Verdict review) {
    return review == null
        ? ""
        : " The figures under them: how much of the word's class they show, by "
            + review.judge()
            + ".";
  }

  private static String share(double percent, Sight sight) {
    return String.format(Locale.ROOT, "%.0f %% %s", percent, sight.shows());
  }
}
