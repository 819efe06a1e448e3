package org.realera.diffusion;

/**
 * How large a sheet of images of one size is, be it larger than an {@link Image} can be.
 *
 * @param across images in a row
 * @param width in pixels
 * @param height in pixels
 */
public record SheetSize(int across, long width, long height) {
  /**
   * The size of what {@link Image#grid} lays out.
   *
   * @param images how many there are, at least one
   * @param columns images in a row at most
   * @param width of each, in pixels
   * @param height of each, in pixels
   * @param gap pixels between them
   */
  public static SheetSize of(int images, int columns, int width, int height, int gap) {
    int across = Math.min(columns, images);
    long rows = (images + across - 1L) / across;
    return new SheetSize(across, (long) across * (width + gap) - gap, rows * (height + gap) - gap);
  }

  /** Pixels of the whole sheet. */
  public long pixels() {
    return width * height;
  }
}
