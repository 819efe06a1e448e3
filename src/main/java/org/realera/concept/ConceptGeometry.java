package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import org.realera.RealeraException;
import org.realera.tensor.Noise;
import org.realera.text.ConceptBlock;

/**
 * Distances, directions and cosines round one block e. Blocks are compared as flat vectors, except
 * that distances are per row: {@code dist(e, e + n) = ||n|| / sqrt(L)}, so that a radius means the
 * same for any prompt length. Radii are fractions of the mean norm of e's rows.
 */
final class ConceptGeometry {
  /** Draws without one accepted after which thresholds are taken to contradict the geometry. */
  static final int PATIENCE = 1_000;

  /** Elements drawn at a time, 16 MB of fp32; part of what a seed means. */
  private static final long CHUNK_ELEMENTS = 1L << 22;

  private final NDArray e;
  private final String prompt;
  private final double norm;
  private final double unit;

  /**
   * @param block borrowed; must stay open as long as this
   */
  ConceptGeometry(ConceptBlock block) {
    this.e = block.e();
    this.prompt = block.prompt();
    try (NDManager scope = e.getManager().newSubManager()) {
      NDArray own = e.duplicate();
      own.attach(scope);
      this.norm = own.norm().getFloat();
      double meanRowNorm = own.norm(new int[] {1}).mean().getFloat();
      this.unit = meanRowNorm * Math.sqrt((double) block.length());
    }
    if (!(norm > 0)) {
      throw RealeraException.damaged(
          "the embedding of \"" + prompt + "\" is zero", "check the checkpoint's text encoder");
    }
  }

  /** How many candidates to draw at a time while {@code missing} are to be found. */
  int chunk(int missing) {
    long most = Math.max(1, CHUNK_ELEMENTS / e.size());
    return (int) Math.min(missing, most);
  }

  /** ||n|| of a perturbation n at radius r. */
  double length(double r) {
    return r * unit;
  }

  /**
   * cos(e, e + n) for n = r sqrt(L) u, from the part of u along e.
   *
   * @param r radius, a fraction of the mean row norm
   * @param along e . u / ||e||, the cosine between e and the direction u
   */
  double cosine(double r, double along) {
    double rho = length(r) / norm;
    return (1 + rho * along) / Math.sqrt(1 + 2 * rho * along + rho * rho);
  }

  /**
   * The cosine that a radius has in high dimension, where u = (v - e) / ||v - e|| lies almost
   * always at the same angle to e.
   */
  double expectedCosine(double r) {
    return cosine(r, -norm / Math.sqrt(norm * norm + e.size()));
  }

  /**
   * Draws directions from e towards random points (eq. 5): v ~ N(0, 1), u = (v - e) / ||v - e||.
   *
   * @return {@code count} directions and their cosines to e, owned by {@code scope}
   */
  Directions draw(int count, Noise noise, NDManager scope) {
    NDArray v = noise.normal(scope, shape(count));
    v.subi(e);
    NDArray flat = v.reshape(count, -1);
    float[] lengths = flat.norm(new int[] {1}).toFloatArray();
    float[] dots = flat.matMul(e.reshape(-1, 1)).toFloatArray();
    double[] along = new double[count];
    for (int i = 0; i < count; i++) {
      along[i] = dots[i] / (lengths[i] * norm);
    }
    return new Directions(v, lengths, along);
  }

  private Shape shape(int count) {
    return new Shape(count).addAll(e.getShape());
  }

  /**
   * @param towards v - e, [count, L, d]
   * @param lengths ||v - e||
   * @param along e . u / ||e||
   */
  @SuppressWarnings("ArrayRecordComponent") // lives for one chunk only
  record Directions(NDArray towards, float[] lengths, double[] along) {}

  /** {@code count} numbers from [0, 1): fp32, so that times a bound they stay below it. */
  static float[] fractions(int count, Noise noise, NDManager scope) {
    return noise.uniform(scope, 0, 1, new Shape(count)).toFloatArray();
  }

  /**
   * The error for thresholds that nothing meets, with what the radii can produce.
   *
   * @param wanted the condition on the cosine
   * @param low smallest radius
   * @param high largest radius
   */
  RealeraException unreachable(String what, String wanted, double low, double high) {
    return RealeraException.usage(
        String.format(
            Locale.ROOT,
            "%s for \"%s\": none of %,d draws in a row had a cosine %s; radii from %.2f to %.2f"
                + " give cosines from %.3f down to %.3f here",
            what,
            prompt,
            PATIENCE,
            wanted,
            low,
            high,
            expectedCosine(low),
            expectedCosine(high)),
        "set mining.s1 and mining.s2 within that range, or change mining.d1 and beyond.d2");
  }
}
