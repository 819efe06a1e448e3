package org.realera.scorer.clip;

/** The CLIP score of a picture and its prompt. */
public final class ClipScore {
  private ClipScore() {}

  /**
   * {@code max(0, 100 cos)}, as torchmetrics' {@code CLIPScore} and the published tables have it.
   *
   * @param picture the picture's projected features, of any length but 0
   * @param text the prompt's projected features, as many
   * @return 0 to 100
   */
  public static double of(float[] picture, float[] text) {
    if (picture.length != text.length) {
      throw new IllegalArgumentException(
          picture.length + " features of the picture, " + text.length + " of the text");
    }
    double product = 0;
    double pictures = 0;
    double texts = 0;
    for (int i = 0; i < text.length; i++) {
      product += (double) picture[i] * text[i];
      pictures += (double) picture[i] * picture[i];
      texts += (double) text[i] * text[i];
    }
    return clipped(100 * product / Math.sqrt(pictures * texts));
  }

  /**
   * From {@code 100 cos}, which is what {@link ClipScorer} gives, to the score.
   *
   * @param hundredfoldCosine -100 to 100
   */
  public static double clipped(double hundredfoldCosine) {
    return Math.max(0, hundredfoldCosine);
  }
}
