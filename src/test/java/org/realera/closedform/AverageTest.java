package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.realera.concept.BeyondConcept;
import org.realera.concept.Concept;
import org.realera.concept.Neighbors;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

/** The sums of points on average, against those of many drawn points. */
class AverageTest {
  private static final int COUNT = 200_000;
  private static final double LAMBDA = 0.1;

  @Test
  void theSumsAreThoseOfManyDrawnPoints() {
    Engine.init();
    EraseRecipe recipe = EraseRecipe.DEFAULT.with("mining.s1", 0.99).with("mining.s2", 0.6);
    MiningSettings mining = recipe.mining();
    try (NDManager scope = NDManager.newBaseManager();
        ClosedForm drawn = new ClosedForm(6);
        ClosedForm average = new ClosedForm(6)) {
      NDArray e = new Noise(1).normal(scope, new Shape(5, 6));
      NDArray eStar = new Noise(2).normal(scope, new Shape(5, 6));
      Concept.Rows p = new Concept.Rows("p", "p*", e, eStar, e, e, eStar);
      Neighbors neighbors = new Neighbors(p, mining);
      BeyondConcept beyond = new BeyondConcept(p, mining, recipe.beyond());
      neighbors.mine(COUNT, new Noise(3), drawn::map);
      beyond.sample(COUNT, new Noise(4), some -> drawn.keep(some, LAMBDA));
      Average.map(average, p, neighbors.moments(), COUNT);
      Average.keep(average, p, beyond.moments(), COUNT, LAMBDA);
      assertThat(average.mappedRows()).isEqualTo(drawn.mappedRows());
      assertThat(average.keptRows()).isEqualTo(drawn.keptRows());
      assertNear(average.mapped().matrix(), drawn.mapped().matrix());
      assertNear(average.difference(), drawn.difference());
      assertNear(average.kept().matrix(), drawn.kept().matrix());
      NDArray ours = average.solve(0.1, scope);
      assertNear(ours, drawn.solve(0.1, scope));
      NDArray identity = scope.eye(6).toType(DataType.FLOAT64, false);
      assertThat(norm(ours.sub(identity))).isGreaterThan(0.1);
    }
  }

  private static void assertNear(NDArray average, NDArray drawn) {
    assertThat(norm(average.sub(drawn)) / norm(drawn)).isCloseTo(0, within(5e-3));
  }

  private static double norm(NDArray x) {
    return x.norm().toDoubleArray()[0];
  }
}
