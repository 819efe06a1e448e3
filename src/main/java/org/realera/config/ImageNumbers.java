package org.realera.config;

/** How the original model draws the images that a training is made of. */
public interface ImageNumbers {
  /** Images of each set, of each anchor or concept. */
  int images();

  /** Sampling steps of each. */
  int imageSteps();

  /** Guidance scale of each. */
  double imageGuidance();

  /**
   * Samples that go through the U-Net for images.
   *
   * @param images of all sets
   */
  default long passes(long images) {
    return images * imageSteps() * (imageGuidance() > 1 ? 2 : 1);
  }
}
