package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Locale;
import java.util.function.Consumer;
import org.realera.concept.ConceptGeometry.Directions;
import org.realera.config.MiningSettings;
import org.realera.tensor.Noise;
import org.realera.text.ConceptBlock;

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
 * <p>The same block, settings, seed and count give the same points.
 */
public final class NeighborMining {
  private final ConceptBlock block;
  private final MiningSettings settings;
  private final ConceptGeometry geometry;

  /**
   * @param block borrowed; must stay open as long as this
   */
  public NeighborMining(ConceptBlock block, MiningSettings settings) {
    this.block = block;
    this.settings = settings;
    this.geometry = new ConceptGeometry(block);
  }

  /**
   * Mines M = {@code settings.samples()} neighbors of a block.
   *
   * @return owned by {@code scope}
   * @throws org.realera.RealeraException (usage) if 1,000 draws in a row have their cosine outside
   *     [S2, S1]
   */
  public static Mined mine(
      ConceptBlock block, MiningSettings settings, Noise noise, NDManager scope) {
    return new NeighborMining(block, settings).draw(settings.samples(), noise, scope);
  }

  /**
   * Mines {@code count} neighbors; the alignment stage asks for one at a time.
   *
   * @return owned by {@code scope}
   * @throws org.realera.RealeraException as {@link #mine}
   */
  public Mined draw(int count, Noise noise, NDManager scope) {
    try (NDManager inner = scope.newSubManager()) {
      NDList sources = new NDList();
      NDList targets = new NDList();
      forEachChunk(
          count,
          noise,
          mined -> {
            mined.sources().attach(inner);
            mined.targets().attach(inner);
            sources.add(mined.sources());
            targets.add(mined.targets());
          });
      NDArray allSources = NDArrays.concat(sources, 0);
      NDArray allTargets = NDArrays.concat(targets, 0);
      allSources.attach(scope);
      allTargets.attach(scope);
      return new Mined(allSources, allTargets);
    }
  }

  /**
   * Mines {@code count} neighbors and hands them over in chunks, so that memory stays flat however
   * many they are.
   *
   * @param each takes [k, L, d] at a time, which is closed when it returns unless attached
   *     elsewhere
   * @return how many points were drawn for that, accepted or not
   * @throws org.realera.RealeraException as {@link #mine}
   */
  public long forEachChunk(int count, Noise noise, Consumer<Mined> each) {
    long draws = 0;
    int accepted = 0;
    int rejectedInARow = 0;
    while (accepted < count) {
      int candidates = geometry.chunk(count - accepted);
      draws += candidates;
      try (NDManager scope = block.e().getManager().newSubManager()) {
        Directions directions = geometry.draw(candidates, noise, scope);
        float[] r = ConceptGeometry.fractions(candidates, noise, scope);
        float[] rAnchor = ConceptGeometry.fractions(candidates, noise, scope);
        Selection chosen = new Selection(candidates);
        for (int i = 0; i < candidates; i++) {
          double cosine = geometry.cosine(r[i] * settings.d1(), directions.along()[i]);
          if (cosine >= settings.s2() && cosine <= settings.s1()) {
            chosen.add(i);
            rejectedInARow = 0;
          } else if (++rejectedInARow >= ConceptGeometry.PATIENCE) {
            throw geometry.unreachable("mining neighbors", window(), 0, settings.d1());
          }
        }
        if (!chosen.isEmpty()) {
          each.accept(
              new Mined(
                  chosen.points(block.e(), directions, scale(r, settings.d1()), scope),
                  chosen.points(
                      block.anchor(), directions, scale(rAnchor, settings.d1Anchor()), scope)));
          accepted += chosen.size();
        }
      }
    }
    return draws;
  }

  private double[] scale(float[] fractions, double bound) {
    double[] lengths = new double[fractions.length];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = geometry.length(fractions[i] * bound);
    }
    return lengths;
  }

  private String window() {
    return String.format(Locale.ROOT, "within [%s, %s]", settings.s2(), settings.s1());
  }
}
