package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.function.BiConsumer;
import org.realera.config.MiningSettings;
import org.realera.tensor.Noise;

/**
 * Neighbor-concept mining (eqs. 3-6, Algorithm 1 lines 4-12): random points near e, which are to go
 * to the anchor's neighborhood.
 *
 * <pre>
 *   v ~ N(0, 1),  u = (v - e) / ||v - e||,  r ~ U[0, D1),  r' ~ U[0, D1')
 *   eta = r u,  eta' = r' u                                    (eq. 5; the same direction for both)
 *   accepted if  S2 &lt;= cos(e, e + eta) &lt;= S1                   (eqs. 4, 6; eq. 3 holds by r &lt; D1)
 * </pre>
 *
 * <p>The same rows, settings, seed and count give the same points.
 */
public final class Neighbors {
  private final Concept.Rows rows;
  private final MiningSettings settings;
  private final Perturbation perturbation;
  private final Perturbation.Window window;

  /**
   * @param rows borrowed; must stay open as long as this
   */
  public Neighbors(Concept.Rows rows, MiningSettings settings) {
    this.rows = rows;
    this.settings = settings;
    this.perturbation = new Perturbation(rows);
    this.window =
        new Perturbation.Window(
            0, settings.d1(), Cosines.within(settings.s2(), settings.s1()), 2, "mining neighbors");
  }

  /**
   * Mines {@code count} neighbors and hands them over in chunks, so that memory stays flat however
   * many they are.
   *
   * @param each takes sources e + eta and targets e* + eta', [k, L, d] fp32 each, which are closed
   *     when it returns unless attached elsewhere
   * @return how many points were drawn for that, accepted or not
   * @throws org.realera.RealeraException (usage) if 1,000 draws in a row have their cosine outside
   *     [S2, S1]
   */
  public long mine(int count, Noise noise, BiConsumer<NDArray, NDArray> each) {
    return perturbation.draw(
        count,
        window,
        noise,
        accepted ->
            each.accept(
                accepted.around(rows.e(), 0, 0, settings.d1()),
                accepted.around(rows.eStar(), 1, 0, settings.d1Anchor())));
  }

  /**
   * What neighbors and their targets are on average.
   *
   * @throws org.realera.RealeraException (usage) if of 1,000 draws not one would have its cosine in
   *     [S2, S1]
   */
  public Moments moments() {
    return perturbation.moments(window, settings.d1Anchor() / 2);
  }

  /**
   * Mines {@code count} neighbors; noise alignment asks for one at a time.
   *
   * @return owned by {@code scope}
   * @throws org.realera.RealeraException as {@link #mine}
   */
  public Mined mine(int count, Noise noise, NDManager scope) {
    try (NDManager inner = scope.newSubManager()) {
      NDList sources = new NDList();
      NDList targets = new NDList();
      mine(
          count,
          noise,
          (some, theirTargets) -> {
            some.attach(inner);
            theirTargets.attach(inner);
            sources.add(some);
            targets.add(theirTargets);
          });
      NDArray allSources = NDArrays.concat(sources, 0);
      NDArray allTargets = NDArrays.concat(targets, 0);
      allSources.attach(scope);
      allTargets.attach(scope);
      return new Mined(allSources, allTargets);
    }
  }

  /**
   * Neighbors of a concept and where each is to go.
   *
   * @param sources e + eta, [M, L, d] fp32
   * @param targets e* + eta', [M, L, d] fp32
   */
  public record Mined(NDArray sources, NDArray targets) implements AutoCloseable {
    @Override
    public void close() {
      sources.close();
      targets.close();
    }
  }
}
