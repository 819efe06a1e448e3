package org.realera.eval.check;

/**
 * What pictures of a word show.
 *
 * @param role {@code erased}, {@code neighbor} or {@code kept}
 * @param shows what was looked for: the class that the word belongs to
 * @param before mean probability of it over the original model's pictures, in percent
 * @param after the same of the edited model's
 */
public record Sight(String role, String word, String shows, double before, double after) {}
