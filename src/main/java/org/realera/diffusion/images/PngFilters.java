package org.realera.diffusion.images;

import java.util.zip.DataFormatException;

/** The five filters of PNG's rows. */
final class PngFilters {
  private PngFilters() {}

  /**
   * Turns a filtered row into its bytes, in place.
   *
   * @param above the row before it, zeros for a first one
   * @param pixel bytes from one pixel to the next, at least 1
   */
  static void undo(int filter, byte[] row, byte[] above, int pixel) throws DataFormatException {
    for (int i = 0; i < row.length; i++) {
      int left = i < pixel ? 0 : row[i - pixel] & 0xff;
      int up = above[i] & 0xff;
      int corner = i < pixel ? 0 : above[i - pixel] & 0xff;
      int guess =
          switch (filter) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            case 4 -> paeth(left, up, corner);
            default -> throw new DataFormatException("no filter " + filter);
          };
      row[i] += (byte) guess;
    }
  }

  /** Whichever of the three is nearest to left + up - corner. */
  private static int paeth(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }
}
