package org.realera.scorer.pixels;

/** Pillow's filters, as far as the scorers' preprocessing uses them. */
public enum PilFilter {
  /** A triangle of half-width 1. */
  BILINEAR(1),
  /** Keys' cubic with a = -0.5, of half-width 2. */
  BICUBIC(2);

  private final double support;

  PilFilter(double support) {
    this.support = support;
  }

  /** Half of the kernel's width, in input pixels when nothing is shrunk. */
  double support() {
    return support;
  }

  /** The kernel at a distance from its center. */
  double at(double signed) {
    double x = Math.abs(signed);
    if (this == BILINEAR) {
      return x < 1 ? 1 - x : 0;
    }
    double a = -0.5;
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }
}
