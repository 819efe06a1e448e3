package org.realera.closedform;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
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
   * Sums x x^T over all rows of all prompts, whatever is erased, so that a cache can keep it.
   *
   * @param encoded embeddings, [n, 77, d] fp32 on the CPU, borrowed
   * @return [d, d] float64, owned by {@code scope}
   */
  public static NDArray sum(NDArray encoded, NDManager scope) {
    try (Gram all = new Gram(encoded.getShape().get(2))) {
      all.add(encoded, 1);
      NDArray sum = all.matrix();
      sum.attach(scope);
      return sum;
    }
  }

  /**
   * Sums the rows of some prompts but those nearest to a concept.
   *
   * @param prompts n prompts, as {@link org.realera.text.PriorPrompts} chooses them
   * @param encoded their embeddings, [n, 77, d] fp32 on the CPU, borrowed
   * @param sum {@link #sum} of them, borrowed
   * @param some which of the prompts take part, in order
   * @param erased the rows of every concept and template
   * @param leaveOut share of these prompts to leave out, 0 to 1
   * @return all 77 rows of each prompt that stays; the caller closes it
   * @throws RealeraException (damaged) if an embedding is not finite; names the prompt
   */
  public static Gram gram(
      List<ConceptPrompt> prompts,
      NDArray encoded,
      NDArray sum,
      int[] some,
      List<Concept.Rows> erased,
      double leaveOut) {
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
    double[] nearness = nearness(prompts, encoded, some, erased);
    int[] stays = farthest(nearness, leaveOut).stream().mapToInt(i -> some[i]).toArray();
    return sum(encoded, sum, stays);
  }

  /** Of the sum over all, what is left out is taken away, if that is less than what stays. */
  private static Gram sum(NDArray encoded, NDArray all, int[] stays) {
    long count = encoded.getShape().get(0);
    Gram gram = new Gram(encoded.getShape().get(2));
    if (2L * stays.length <= count) {
      if (stays.length > 0) {
        try (NDManager scope = encoded.getManager().newSubManager()) {
          gram.add(entries(encoded, stays, scope), 1);
        }
      }
      return gram;
    }
    gram.addSum(all, count * encoded.getShape().get(1));
    Set<Integer> kept = new HashSet<>();
    for (int i : stays) {
      kept.add(i);
    }
    int[] out = IntStream.range(0, (int) count).filter(i -> !kept.contains(i)).toArray();
    if (out.length > 0) {
      try (NDManager scope = encoded.getManager().newSubManager()) {
        gram.subtract(entries(encoded, out, scope));
      }
    }
    return gram;
  }

  private static NDArray entries(NDArray encoded, int[] index, NDManager scope) {
    NDArray entries = encoded.get(scope.create(index));
    entries.attach(scope);
    return entries;
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

  /** For each of some prompts the highest cosine between its rows from the word on and any e. */
  private static double[] nearness(
      List<ConceptPrompt> prompts, NDArray encoded, int[] some, List<Concept.Rows> erased) {
    int[] starts = IntStream.of(some).map(i -> prompts.get(i).span().start()).toArray();
    return Nearness.highest(encoded, some, starts, erased.stream().map(Concept.Rows::e).toList());
  }
}
