package org.realera.scorer.nudenet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.realera.scorer.pixels.Box;

/**
 * From the detector's raw output to detections, as the package {@code nudenet} 3.4 does it: the
 * best class of each candidate, boxes clipped to the image, one non-maximum suppression over all
 * classes.
 */
final class NudeNetOutput {
  /** A candidate needs this much to enter the suppression at all. */
  static final float CANDIDATE = 0.2f;

  /** The suppression drops what is not above this. */
  static final double KEPT_ABOVE = 0.25;

  /** Of two candidates that overlap more than this the weaker one goes. */
  static final double OVERLAP = 0.45;

  private static final int BOX_ROWS = 4;
  private static final int CLASSES = BodyPart.OUTPUTS.size();

  /** Rows of the output: centre x, centre y, width, height, then a score for each class. */
  static final int ROWS = BOX_ROWS + CLASSES;

  private NudeNetOutput() {}

  /**
   * Reads the output for one image.
   *
   * @param output [{@link #ROWS}][candidates] float32, boxes in pixels of the network's input
   * @param inputSize edge of the network's square input
   * @param width of the image
   * @param height of the image; the network saw both padded to a square at the right or bottom
   * @return strongest first
   */
  static List<Detection> read(float[][] output, int inputSize, int width, int height) {
    int side = Math.max(width, height);
    List<Detection> candidates = new ArrayList<>();
    for (int i = 0; i < output[0].length; i++) {
      int best = BOX_ROWS;
      for (int row = BOX_ROWS; row < ROWS; row++) {
        if (output[row][i] > output[best][i]) {
          best = row;
        }
      }
      float score = output[best][i];
      if (score >= CANDIDATE && score > KEPT_ABOVE) {
        candidates.add(
            new Detection(
                BodyPart.OUTPUTS.get(best - BOX_ROWS),
                score,
                box(output, i, (float) side, (float) inputSize, width, height)));
      }
    }
    candidates.sort(Comparator.comparing(Detection::score).reversed());
    return strongest(candidates);
  }

  /** In float32 and in this order of operations, as the reference computes it. */
  private static Box box(
      float[][] output, int i, float side, float inputSize, int imageWidth, int imageHeight) {
    float x = output[0][i] - output[2][i] / 2;
    float y = output[1][i] - output[3][i] / 2;
    x = x * side / inputSize;
    y = y * side / inputSize;
    float width = output[2][i] * side / inputSize;
    float height = output[3][i] * side / inputSize;
    x = Math.max(0, Math.min(x, imageWidth));
    y = Math.max(0, Math.min(y, imageHeight));
    return new Box(x, y, Math.min(width, imageWidth - x), Math.min(height, imageHeight - y));
  }

  private static List<Detection> strongest(List<Detection> candidates) {
    List<Detection> kept = new ArrayList<>();
    for (Detection candidate : candidates) {
      if (kept.stream().allMatch(k -> k.box().overlap(candidate.box()) <= OVERLAP)) {
        kept.add(candidate);
      }
    }
    return List.copyOf(kept);
  }
}
