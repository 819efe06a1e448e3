package org.realera.scorer.clip;

/** The CLIP score of an image and its prompt. */
public final class ClipScore {
  private ClipScore() {}

  /**
   * {@code max(0, 100 cos)}, as torchmetrics' {@code CLIPScore} and the published tables have it.
   *
   * @param hundredfoldCosine -100 to 100, which is what {@link ClipScorer} gives
   * @return 0 to 100
   */
  public static double clipped(double hundredfoldCosine) {
    return Math.max(0, hundredfoldCosine);
  }
}
