package org.realera.closedform;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.realera.RealeraException;
import org.realera.concept.Concept;
import org.realera.concept.Nearness;
import org.realera.tensor.Finite;
import org.realera.text.ConceptPrompt;

/**
 * The Gram matrix of real text (ours, not the paper's): holds the directions in which language
 * lives. Prompts near the concept are left out: they speak of what is to be erased, and would hold
 * its synonyms in place.
 */
public final class TextPrior {
  private TextPrior() {}

  /**
   * Sums the rows of all prompts but those nearest to a concept.
   *
   * @param prompts n prompts, as {@link org.realera.text.PriorPrompts} chooses them
   * @param encoded their embeddings, [n, 77, d] fp32 on the CPU, borrowed
   * @param erased the rows of every concept and template
   * @param leaveOut share of the prompts to leave out, 0 to 1
   * @return all 77 rows of each prompt that stays; the caller closes it
   * @throws RealeraException (damaged) if an embedding is not finite; names the prompt
   */
  public static Gram gram(
      List<ConceptPrompt> prompts, NDArray encoded, List<Concept.Rows> erased, double leaveOut) {
    if (encoded.getShape().get(0) != prompts.size()) {
      throw new IllegalArgumentException(
          prompts.size() + " prompts, but embeddings " + encoded.getShape());
    }
    int broken = Finite.firstBroken(encoded);
    if (broken >= 0) {
      throw RealeraException.damaged(
          "the text prior's embedding of \"%s\" is not finite"
              .formatted(prompts.get(broken).text()),
          "Check the checkpoint's text encoder.");
    }
    Gram gram = new Gram(encoded.getShape().get(2));
    for (int i : farthest(nearness(prompts, encoded, erased), leaveOut)) {
      try (NDArray rows = encoded.get(i)) {
        gram.add(rows, 1);
      }
    }
    return gram;
  }

  /**
   * The indices of all but the nearest, in order.
   *
   * @param nearness one number per prompt, higher is nearer
   */
  static List<Integer> farthest(double[] nearness, double leaveOut) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < nearness.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> nearness[i]));
    int stays = nearness.length - (int) Math.ceil(leaveOut * nearness.length);
    return order.subList(0, stays).stream().sorted().toList();
  }

  /** For each prompt the highest cosine between its rows from the word on and any e. */
  private static double[] nearness(
      List<ConceptPrompt> prompts, NDArray encoded, List<Concept.Rows> erased) {
    double[] nearness = new double[prompts.size()];
    for (int i = 0; i < nearness.length; i++) {
      nearness[i] = -1;
      int start = prompts.get(i).span().start();
      for (Concept.Rows rows : erased) {
        nearness[i] = Math.max(nearness[i], Nearness.cosine(encoded, i, start, rows.e()));
      }
    }
    return nearness;
  }
}
