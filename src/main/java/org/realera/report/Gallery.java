package org.realera.report;

import java.util.List;

/**
 * The images of an evaluation.
 *
 * @param survey whether nothing was erased
 * @param original whether there are images of the original model, too
 * @param cards one for each prompt
 * @param fooled images of the erased concept and its synonyms that still show it most; none of a
 *     survey
 * @param damaged images of other concepts that show their own concept least
 */
public record Gallery(
    boolean survey,
    boolean original,
    List<Card> cards,
    List<Captioned> fooled,
    List<Captioned> damaged) {

  /**
   * The images of one prompt.
   *
   * @param style the class of its caption
   * @param caption what the prompt is for
   */
  public record Card(String style, String caption, String prompt, List<Captioned> strips) {}

  /**
   * An image with words.
   *
   * @param alt the image in words, for those who do not see it
   */
  public record Captioned(Thumbnail image, String alt, String caption) {}
}
