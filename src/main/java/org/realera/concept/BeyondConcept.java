package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.function.Consumer;
import org.realera.config.BeyondSettings;
import org.realera.config.MiningSettings;
import org.realera.tensor.Noise;

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
  private final Concept.Rows rows;
  private final Perturbation perturbation;
  private final Perturbation.Window window;

  /**
   * @param rows borrowed; must stay open as long as this
   * @param mining gives D1 and S2, where the erasing range ends
   */
  public BeyondConcept(Concept.Rows rows, MiningSettings mining, BeyondSettings beyond) {
    this.rows = rows;
    this.perturbation = new Perturbation(rows);
    this.window =
        new Perturbation.Window(
            mining.d1(), beyond.d2(), Cosines.below(mining.s2()), 1, "sampling beyond the concept");
  }

  /**
   * Samples {@code count} points and hands them over in chunks, so that memory stays flat however
   * many they are.
   *
   * @param each takes e', [k, L, d] fp32 at a time, which is closed when it returns unless attached
   *     elsewhere
   * @return how many points were drawn for that, accepted or not
   * @throws org.realera.RealeraException (usage) if 1,000 draws in a row have a cosine of S2 or
   *     more
   */
  public long sample(int count, Noise noise, Consumer<NDArray> each) {
    return perturbation.draw(
        count,
        window,
        noise,
        accepted -> each.accept(accepted.around(rows.e(), 0, window.from(), window.to())));
  }

  /**
   * What these points are on average.
   *
   * @throws org.realera.RealeraException (usage) if of 1,000 draws not one would have a cosine
   *     below S2
   */
  public Moments moments() {
    return perturbation.moments(window, 0);
  }

  /**
   * Samples {@code count} points; noise alignment asks for one at a time.
   *
   * @return e' [count, L, d] fp32, owned by {@code scope}
   * @throws org.realera.RealeraException as {@link #sample}
   */
  public NDArray sample(int count, Noise noise, NDManager scope) {
    try (NDManager inner = scope.newSubManager()) {
      NDList points = new NDList();
      sample(
          count,
          noise,
          some -> {
            some.attach(inner);
            points.add(some);
          });
      NDArray all = NDArrays.concat(points, 0);
      all.attach(scope);
      return all;
    }
  }
}
