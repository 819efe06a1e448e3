package org.realera.config;

/**
 * Neighbor-concept mining (eqs. 3-6, Algorithm 1 lines 4-12). Radii are fractions of the mean norm
 * of the rows of e, so that one recipe serves every text encoder; a distance between blocks is the
 * root mean square of the distances of their rows.
 *
 * @param enabled false: only the concept itself is mapped to the anchor (variants 1 and 2)
 * @param samples M, neighbors accepted per concept and template
 * @param d1 D1, neighbors lie nearer to e than this
 * @param d1Anchor D1', how far from the anchor's rows their targets may lie; less than {@code d1}
 * @param s1 S1, highest cosine between e and a neighbor
 * @param s2 S2, lowest cosine between e and a neighbor
 * @param words how many words of the model's vocabulary within [S2, S1] are neighbors, too, the
 *     nearest first; 0 for none, as in the paper
 */
public record MiningSettings(
    boolean enabled, int samples, double d1, double d1Anchor, double s1, double s2, int words) {
  /** Words farther off are not looked at. */
  public static final int MOST_WORDS = 64;

  public MiningSettings {
    Check.samples("mining.samples", samples);
    Check.positive("mining.d1", d1);
    Check.notNegative("mining.d1_anchor", d1Anchor);
    if (d1Anchor >= d1) {
      throw Check.bad("mining.d1_anchor", d1Anchor, "must be less than mining.d1, which is " + d1);
    }
    Check.within("mining.s1", s1, -1, 1);
    Check.within("mining.s2", s2, -1, 1);
    if (s2 >= s1) {
      throw Check.bad("mining.s2", s2, "must be less than mining.s1, which is " + s1);
    }
    Check.between("mining.words", words, 0, MOST_WORDS);
  }
}
