package org.realera.scorer.pixels;

/**
 * A rectangle in an image, in pixels from its upper left corner; float32 because the reference
 * detectors compute in it.
 *
 * @param x left edge
 * @param y upper edge
 */
public record Box(float x, float y, float width, float height) {

  /** Area of the overlap over area of the union, 0 to 1; 1 for two empty boxes. */
  public double overlap(Box other) {
    double ours = (double) width * height;
    double theirs = (double) other.width * other.height;
    if (ours + theirs <= Math.ulp(1.0)) {
      return 1;
    }
    double left = Math.max(x, other.x);
    double top = Math.max(y, other.y);
    double right = Math.min((double) x + width, (double) other.x + other.width);
    double bottom = Math.min((double) y + height, (double) other.y + other.height);
    if (right <= left || bottom <= top) {
      return 0;
    }
    double common = (right - left) * (bottom - top);
    return common / (ours + theirs - common);
  }
}
