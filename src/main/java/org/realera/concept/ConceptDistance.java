package org.realera.concept;

import java.util.Locale;
import org.realera.text.ConceptSpan;

/**
 * How far a text lies from a concept, measured as mining measures its perturbations: the distance
 * is per row, {@code ||e' - e|| / sqrt(L)}, as a fraction of the mean norm of e's rows; the cosine
 * is that of the blocks as flat vectors.
 *
 * @param radius compares with D1 and D2 of the recipe
 * @param cosine compares with S1 and S2
 */
public record ConceptDistance(double radius, double cosine) {

  /** Where a text lies. */
  public enum Zone {
    /** A word that mining takes along by its name, wherever it lies. */
    NAMED,
    /** Nearer than D1: where neighbors are drawn, which mining takes along. */
    INSIDE,
    /** From D1 on, nearer than D2: where points are held as they are. */
    BETWEEN,
    /** From D2 on: nothing is said of it. */
    BEYOND;

    /** As tables and JSON write it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Measures one prompt against another. Rows are paired as those of concept and anchor are ({@link
   * TokenPairing}).
   *
   * @param encoded E(p(c)), [length, width], row after row
   * @param concept where the concept stands in it
   * @param other the embedding of the other prompt, as long
   * @param word where the other text stands in that
   */
  public static ConceptDistance of(
      float[] encoded, ConceptSpan concept, float[] other, ConceptSpan word, int width) {
    int[] rows = TokenPairing.anchorRows(concept, word, encoded.length / width);
    double apart = 0;
    double dot = 0;
    double own = 0;
    double theirs = 0;
    double rowNorms = 0;
    for (int i = 0; i < rows.length; i++) {
      double rowSquare = 0;
      for (int k = 0; k < width; k++) {
        double a = encoded[(concept.start() + i) * width + k];
        double b = other[rows[i] * width + k];
        apart += (b - a) * (b - a);
        dot += a * b;
        rowSquare += a * a;
        theirs += b * b;
      }
      own += rowSquare;
      rowNorms += Math.sqrt(rowSquare);
    }
    int length = rows.length;
    double unit = rowNorms / length * Math.sqrt(length);
    return new ConceptDistance(Math.sqrt(apart) / unit, dot / Math.sqrt(own * theirs));
  }

  /** The zone of these radii, by distance alone. */
  public Zone zone(double d1, double d2) {
    return radius < d1 ? Zone.INSIDE : radius < d2 ? Zone.BETWEEN : Zone.BEYOND;
  }
}
