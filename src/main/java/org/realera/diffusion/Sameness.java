package org.realera.diffusion;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether pictures are all one and the same, or each of them one colour: what a broken model draws,
 * and what passes for a perfect erasure. Takes pictures as they come and keeps only the first.
 */
public final class Sameness {
  private @Nullable Image first;
  private long count;
  private boolean equal = true;
  private boolean plain = true;

  /**
   * What there is to say about some pictures; reads no more of them than it takes to know.
   *
   * @param pictures may be read from files one by one
   * @return as {@link #finding()}
   */
  public static Optional<String> of(Stream<Image> pictures) {
    Sameness sameness = new Sameness();
    try (pictures) {
      Iterator<Image> next = pictures.iterator();
      while (sameness.isPossible() && next.hasNext()) {
        sameness.add(next.next());
      }
    }
    return sameness.finding();
  }

  /** Takes the next picture. */
  public void add(Image picture) {
    count++;
    Image before = first;
    if (before == null) {
      first = picture;
    } else if (equal) {
      equal = before.width() == picture.width() && Arrays.equals(before.rgb(), picture.rgb());
    }
    plain = plain && isPlain(picture.rgb());
  }

  /** Whether pictures that are still to come can be of any interest. */
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
   * same}. One picture alone is the same as nothing.
   */
  public Optional<String> finding() {
    if (count == 0) {
      return Optional.empty();
    }
    if (plain) {
      String pictures = count == 1 ? "the picture is" : "each of the " + count + " pictures is";
      return Optional.of(pictures + " of one colour, as a broken model draws them");
    }
    return equal && count > 1
        ? Optional.of("all " + count + " pictures are the same")
        : Optional.empty();
  }
}
