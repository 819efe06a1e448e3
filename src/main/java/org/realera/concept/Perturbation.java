package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.realera.RealeraException;
import org.realera.tensor.Noise;

/**
 * Random points round one block e: the draw and the rejection that mining (Algorithm 1 lines 4-12)
 * and beyond-concept regularization (lines 13-22) share.
 *
 * <pre>
 *   v ~ N(0, 1),  u = (v - e) / ||v - e||,  l ~ U[from, to),  eta = l u          (eq. 5)
 *   accepted if cos(e, e + eta) is as wanted
 * </pre>
 *
 * <p>Blocks are compared as flat vectors, except that distances are per row: {@code dist(e, e + n)
 * = ||n|| / sqrt(L)}, so that a radius means the same for any prompt length. Radii are fractions of
 * the mean norm of e's rows.
 */
final class Perturbation {
  /** Draws without one accepted after which thresholds are taken to contradict the geometry. */
  private static final int PATIENCE = 1_000;

  /** Elements drawn at a time, 16 MB of fp32; part of what a seed means. */
  private static final long CHUNK_ELEMENTS = 1L << 22;

  /**
   * What points are wanted.
   *
   * @param from smallest radius
   * @param to radius that none reaches
   * @param cosines accepted of e + eta to e
   * @param radii how many radii each point draws: one, or one more for its partner round e*
   * @param purpose for the error, {@code mining neighbors}
   */
  record Window(double from, double to, Cosines cosines, int radii, String purpose) {}

  /**
   * The points of a window on average.
   *
   * @param partner mean radius of the partners round e*
   * @throws RealeraException (usage) if of 1,000 draws not one would be accepted
   */
  Moments moments(Window window, double partner) {
    Moments moments =
        Moments.of(
            e.size(),
            norm,
            length(window.from()),
            length(window.to()),
            window.cosines(),
            length(partner));
    if (!(moments.accepted() * PATIENCE >= 1)) {
      throw unreachable(window);
    }
    return moments;
  }

  private final NDArray e;
  private final String prompt;
  private final double norm;
  private final double unit;

  /**
   * @param rows borrowed; must stay open as long as this
   */
  Perturbation(Concept.Rows rows) {
    this.e = rows.e();
    this.prompt = rows.prompt();
    try (NDManager scope = e.getManager().newSubManager()) {
      NDArray own = e.duplicate();
      own.attach(scope);
      this.norm = own.norm().getFloat();
      double meanRowNorm = own.norm(new int[] {1}).mean().getFloat();
      this.unit = meanRowNorm * Math.sqrt((double) rows.length());
    }
    if (!(norm > 0)) {
      throw RealeraException.damaged(
          "the embedding of \"" + prompt + "\" is zero", "Check the checkpoint's text encoder.");
    }
  }

  /**
   * Draws until {@code count} points are accepted, and hands them over in chunks, so that memory
   * stays flat however many they are.
   *
   * @param each takes the accepted points of a chunk, whose arrays are closed when it returns
   *     unless attached elsewhere
   * @return how many points were drawn for that, accepted or not
   * @throws RealeraException (usage) if 1,000 draws in a row are rejected; says which cosines these
   *     radii give
   */
  long draw(int count, Window window, Noise noise, Consumer<Accepted> each) {
    long draws = 0;
    int accepted = 0;
    int rejectedInARow = 0;
    while (accepted < count) { //                                             lines 4, 13
      int candidates = chunk(count - accepted);
      draws += candidates;
      try (NDManager scope = e.getManager().newSubManager()) {
        Directions u = directions(candidates, noise, scope); // v and v^:         5-6, 14-15
        float[][] radii = new float[window.radii()][];
        for (int k = 0; k < radii.length; k++) {
          radii[k] = fractions(candidates, noise, scope); // r, r' or l:          5, 14
        }
        int[] chosen = new int[candidates];
        int size = 0;
        for (int i = 0; i < candidates; i++) {
          double l = window.from() + radii[0][i] * (window.to() - window.from());
          if (window.cosines().accept(cosine(l, u.along()[i]))) { //              7, 16
            chosen[size++] = i;
            rejectedInARow = 0;
          } else if (++rejectedInARow >= PATIENCE) {
            throw unreachable(window);
          }
        }
        if (size > 0) {
          each.accept(new Accepted(u, radii, Arrays.copyOf(chosen, size), scope)); // 8, 17
          accepted += size; //                                                   10, 19
        }
      }
    }
    return draws;
  }

  /** The accepted candidates of one chunk. */
  final class Accepted {
    private final Directions u;
    private final float[][] radii;
    private final int[] chosen;
    private final NDManager scope;

    private Accepted(Directions u, float[][] radii, int[] chosen, NDManager scope) {
      this.u = u;
      this.radii = radii;
      this.chosen = chosen;
      this.scope = scope;
    }

    /**
     * The points {@code center + l u}.
     *
     * @param center [L, d], borrowed: e, or e* for the partners of neighbors
     * @param radius which of the radii drawn is l, from 0
     * @param from smallest radius
     * @param to radius that none reaches
     * @return [k, L, d] fp32, of the chunk
     */
    NDArray around(NDArray center, int radius, double from, double to) {
      float[] factors = new float[chosen.length];
      for (int k = 0; k < factors.length; k++) {
        double l = from + radii[radius][chosen[k]] * (to - from);
        factors[k] = (float) (length(l) / u.lengths()[chosen[k]]);
      }
      NDArray each = scope.create(factors, new Shape(factors.length, 1, 1));
      NDArray towards = u.towards();
      // Most often all are accepted, and then none has to be picked out.
      boolean all = chosen.length == towards.getShape().get(0);
      NDArray points = all ? towards.mul(each) : towards.get(scope.create(chosen)).muli(each);
      points.attach(scope);
      return points.addi(center);
    }
  }

  /** How many candidates to draw at a time while {@code missing} are to be found. */
  private int chunk(int missing) {
    long most = Math.max(1, CHUNK_ELEMENTS / e.size());
    return (int) Math.min(missing, most);
  }

  /** ||n|| of a perturbation n at radius r. */
  private double length(double r) {
    return r * unit;
  }

  /**
   * cos(e, e + n) for n = r sqrt(L) u, from the part of u along e.
   *
   * @param r radius, a fraction of the mean row norm
   * @param along e . u / ||e||, the cosine between e and the direction u
   */
  private double cosine(double r, double along) {
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
   * Directions from e towards random points.
   *
   * @param towards v - e, [count, L, d]
   * @param lengths ||v - e||
   * @param along e . u / ||e||
   */
  @SuppressWarnings("ArrayRecordComponent") // lives for one chunk only
  private record Directions(NDArray towards, float[] lengths, double[] along) {}

  private Directions directions(int count, Noise noise, NDManager scope) {
    NDArray v = noise.normal(scope, new Shape(count).addAll(e.getShape()));
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

  /** {@code count} numbers from [0, 1): fp32, so that times a bound they stay below it. */
  private static float[] fractions(int count, Noise noise, NDManager scope) {
    return noise.uniform(scope, 0, 1, new Shape(count)).toFloatArray();
  }

  private RealeraException unreachable(Window window) {
    return RealeraException.usage(
        String.format(
            Locale.ROOT,
            "%s for \"%s\": none of %,d draws in a row had a cosine %s; radii from %.2f to %.2f"
                + " give cosines from %.3f down to %.3f here",
            window.purpose(),
            prompt,
            PATIENCE,
            window.cosines(),
            window.from(),
            window.to(),
            expectedCosine(window.from()),
            expectedCosine(window.to())),
        "Set mining.s1 and mining.s2 within that range, or change mining.d1 and beyond.d2");
  }
}
