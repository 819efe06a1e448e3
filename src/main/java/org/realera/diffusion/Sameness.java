package org.realera.diffusion;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether images are all one and the same, or each of them one colour: what a broken model draws,
 * and what passes for a perfect erasure. Takes images as they come and keeps only the first.
 */
public final class Sameness {
  private @Nullable Image first;
  private long count;
  private boolean equal = true;
  private boolean plain = true;

  /**
   * What there is to say about some images; reads no more of them than it takes to know.
   *
   * @param images may be read from files one by one
   * @return as {@link #finding()}
   */
  public static Optional<String> of(Stream<Image> images) {
    Sameness sameness = new Sameness();
    try (images) {
      Iterator<Image> next = images.iterator();
      while (sameness.isPossible() && next.hasNext()) {
        sameness.add(next.next());
      }
    }
    return sameness.finding();
  }

  /** Takes the next image. */
  public void add(Image image) {
    count++;
    Image before = first;
    if (before == null) {
      first = image;
    } else if (equal) {
      equal = before.width() == image.width() && Arrays.equals(before.rgb(), image.rgb());
    }
    plain = plain && isPlain(image.rgb());
  }

  /** Whether images that are still to come can be of any interest. */
  private boolean isPossible() {
    return equal || plain;
  }

  private static boolean isPlain(byte[] rgb) {
    for (int i = 3; i < rgb.length; i++) {
      if (rgb[i] != rgb[i - 3]) {
        return false;
      }
    }
    return true;
  }

  /**
   * One line without a full stop, if there is something to say: {@code all 12 pictures are the
   * same}. One image alone is the same as nothing.
   */
  public Optional<String> finding() {
    if (count == 0) {
      return Optional.empty();
    }
    if (plain) {
      String images = count == 1 ? "the picture is" : "each of the " + count + " pictures is";
      return Optional.of(images + " of one colour, as a broken model draws them");
    }
    return equal && count > 1
        ? Optional.of("all " + count + " pictures are the same")
        : Optional.empty();
  }
}
