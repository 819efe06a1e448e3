package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Locale;
import java.util.function.Consumer;
import org.realera.concept.ConceptGeometry.Directions;
import org.realera.config.BeyondSettings;
import org.realera.config.MiningSettings;
import org.realera.tensor.Noise;
import org.realera.text.ConceptBlock;

/**
 * Beyond-concept regularization (Algorithm 1 lines 13-22): random points outside the erasing range,
 * which are to stay where they are.
 *
 * <pre>
 *   v ~ N(0, 1),  u = (v - e) / ||v - e||,  l ~ U[D1, D2),  eta = l u
 *   accepted if  cos(e, e + eta) &lt; S2
 * </pre>
 *
 * <p>The algorithm's {@code break} after one draw is read as a slip: N points are wanted.
 */
public final class BeyondConcept {
  private final ConceptBlock block;
  private final double d1;
  private final double d2;
  private final double s2;
  private final ConceptGeometry geometry;

  /**
   * @param block borrowed; must stay open as long as this
   * @param mining gives D1 and S2, where the erasing range ends
   */
  public BeyondConcept(ConceptBlock block, MiningSettings mining, BeyondSettings beyond) {
    this.block = block;
    this.d1 = mining.d1();
    this.d2 = beyond.d2();
    this.s2 = mining.s2();
    this.geometry = new ConceptGeometry(block);
  }

  /**
   * Samples N = {@code beyond.samples()} points.
   *
   * @return e' [N, L, d] fp32, owned by {@code scope}
   * @throws org.realera.RealeraException (usage) if 1,000 draws in a row have a cosine of S2 or
   *     more
   */
  public static NDArray sample(
      ConceptBlock block,
      MiningSettings mining,
      BeyondSettings beyond,
      Noise noise,
      NDManager scope) {
    return new BeyondConcept(block, mining, beyond).draw(beyond.samples(), noise, scope);
  }

  /**
   * Samples {@code count} points; the alignment stage asks for one at a time.
   *
   * @return [count, L, d] fp32, owned by {@code scope}
   * @throws org.realera.RealeraException as {@link #sample}
   */
  public NDArray draw(int count, Noise noise, NDManager scope) {
    try (NDManager inner = scope.newSubManager()) {
      NDList points = new NDList();
      forEachChunk(
          count,
          noise,
          chunk -> {
            chunk.attach(inner);
            points.add(chunk);
          });
      NDArray all = NDArrays.concat(points, 0);
      all.attach(scope);
      return all;
    }
  }

  /**
   * Samples {@code count} points and hands them over in chunks, so that memory stays flat however
   * many they are.
   *
   * @param each takes [k, L, d] at a time, which is closed when it returns unless attached
   *     elsewhere
   * @return how many points were drawn for that, accepted or not
   * @throws org.realera.RealeraException as {@link #sample}
   */
  public long forEachChunk(int count, Noise noise, Consumer<NDArray> each) {
    long draws = 0;
    int accepted = 0;
    int rejectedInARow = 0;
    while (accepted < count) {
      int candidates = geometry.chunk(count - accepted);
      draws += candidates;
      try (NDManager scope = block.e().getManager().newSubManager()) {
        Directions directions = geometry.draw(candidates, noise, scope);
        float[] fractions = ConceptGeometry.fractions(candidates, noise, scope);
        double[] lengths = new double[candidates];
        Selection chosen = new Selection(candidates);
        for (int i = 0; i < candidates; i++) {
          double l = d1 + fractions[i] * (d2 - d1);
          lengths[i] = geometry.length(l);
          if (geometry.cosine(l, directions.along()[i]) < s2) {
            chosen.add(i);
            rejectedInARow = 0;
          } else if (++rejectedInARow >= ConceptGeometry.PATIENCE) {
            String wanted = String.format(Locale.ROOT, "below %s", s2);
            throw geometry.unreachable("sampling beyond the concept", wanted, d1, d2);
          }
        }
        if (!chosen.isEmpty()) {
          each.accept(chosen.points(block.e(), directions, lengths, scope));
          accepted += chosen.size();
        }
      }
    }
    return draws;
  }
}
