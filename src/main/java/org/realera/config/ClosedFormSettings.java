package org.realera.config;

/**
 * The closed form (eq. 7). {@code lambda1} weighs each kept row against each erased row, as the
 * paper has it. The other weights are ours and are relative, so that they mean the same whatever M,
 * N, the templates and the encoder: at 1 a kept set as a whole weighs as much as all erased rows
 * together (the traces of the two Gram matrices are equal); 0 switches it off.
 *
 * @param sums how the random points of mining and beyond-concept regularization enter
 * @param params which projections are edited; the paper's are both
 * @param lambda1 weight of the beyond-concept points
 * @param mu the ridge, relative to the mean diagonal of the Gram matrix of the erased rows
 * @param prefixWeight relative weight of the rows before the concept (BOS and template)
 * @param priorWeight relative weight of the Gram matrix of real text
 * @param priorPrompts how many prompts the prior is made of
 * @param priorLeaveOut share of these prompts, the nearest to a concept, that is left out
 * @param preserveWeight relative weight of each concept in {@code preserve}
 */
public record ClosedFormSettings(
    Sums sums,
    Params params,
    double lambda1,
    double mu,
    double prefixWeight,
    double priorWeight,
    int priorPrompts,
    double priorLeaveOut,
    double preserveWeight) {

  /** How random points enter the closed form. */
  public enum Sums {
    /** So many are drawn, as the paper has it. */
    DRAWN,
    /** As they are on average: no seed has a part. */
    EXPECTED
  }

  public ClosedFormSettings {
    Check.given("closed_form.sums", sums, "drawn or expected");
    Check.given("closed_form.params", params, "v, k or kv");
    Check.notNegative("closed_form.lambda1", lambda1);
    Check.notNegative("closed_form.mu", mu);
    Check.notNegative("closed_form.prefix_weight", prefixWeight);
    Check.notNegative("closed_form.prior_weight", priorWeight);
    Check.upTo("closed_form.prior_prompts", priorPrompts, Limits.PROMPTS);
    Check.within("closed_form.prior_leave_out", priorLeaveOut, 0, 1);
    Check.notNegative("closed_form.preserve_weight", preserveWeight);
  }
}
