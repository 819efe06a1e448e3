package org.realera.eval.check;

import org.realera.diffusion.DrawnWord;

/**
 * What images of a word show.
 *
 * @param shows what was looked for: the class that the word belongs to
 * @param before mean probability of it over the original model's images, in percent
 * @param after the same of the edited model's
 */
public record Sight(DrawnWord.Role role, String word, String shows, double before, double after) {}
