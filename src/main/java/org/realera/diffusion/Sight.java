package org.realera.diffusion;

/**
 * What images of a word show.
 *
 * @param shows what was looked for: the class that the word belongs to
 * @param before mean probability of it over the original model's images, in percent
 * @param after the same of the edited model's
 */
public record Sight(DrawnWord.Role role, String word, String shows, double before, double after) {

  /** Whether it is of this word's images. */
  public boolean isOf(DrawnWord drawn) {
    return role == drawn.role() && word.equals(drawn.word());
  }

  /** The same to a hundredth of a percent. */
  Sight rounded() {
    return new Sight(role, word, shows, rounded(before), rounded(after));
  }

  private static double rounded(double percent) {
    return Math.rint(100 * percent) / 100;
  }
}
