package org.realera.concept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.BeyondSettings;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

class ConceptSamplingTest {
  private static final MiningSettings MINING = EraseRecipe.DEFAULT.mining();
  private static final BeyondSettings BEYOND = EraseRecipe.DEFAULT.beyond();
  private static final double ROUNDING = 1e-5;

  private NDManager scope;
  private Concept.Rows block;

  @BeforeEach
  void open() {
    Engine.init();
    scope = NDManager.newBaseManager();
    block = Blocks.block(scope, "the", "and", 1);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static double norm(NDArray x) {
    return Math.sqrt(dot(x, x));
  }

  private static double dot(NDArray x, NDArray y) {
    return x.toType(DataType.FLOAT64, true).mul(y.toType(DataType.FLOAT64, true)).sum().getDouble();
  }

  /** Per-row root mean square distance from e, as a fraction of the mean row norm of e. */
  private double radius(NDArray n) {
    double meanRowNorm = block.e().norm(new int[] {1}).mean().getFloat();
    return norm(n) / Math.sqrt((double) block.length()) / meanRowNorm;
  }

  private double cosine(NDArray point) {
    return dot(block.e(), point) / norm(block.e()) / norm(point);
  }

  @Test
  void everyNeighborIsInsideD1AndTheCosineWindow() {
    Neighbors.Mined mined =
        new Neighbors(block, new MiningSettings(true, 300, 0.72, 0.18, 0.98, 0.70, 0))
            .mine(300, new Noise(0), scope);
    assertThat(mined.sources().getShape()).isEqualTo(new Shape(300, block.length(), Blocks.WIDTH));
    assertThat(mined.targets().getShape()).isEqualTo(mined.sources().getShape());
    double lowest = 2;
    double highest = -2;
    for (int i = 0; i < 300; i++) {
      assertThat(radius(mined.sources().get(i).sub(block.e()))).isLessThan(0.72 + ROUNDING);
      assertThat(radius(mined.targets().get(i).sub(block.eStar()))).isLessThan(0.18 + ROUNDING);
      double cosine = cosine(mined.sources().get(i));
      lowest = Math.min(lowest, cosine);
      highest = Math.max(highest, cosine);
    }
    assertThat(lowest).isBetween(0.70 - ROUNDING, 0.73);
    assertThat(highest).isBetween(0.96, 0.98 + ROUNDING);
  }

  @Test
  void aNeighborAndItsTargetLieInTheSameDirection() {
    Neighbors.Mined mined =
        new Neighbors(block, MINING).mine(MINING.samples(), new Noise(0), scope);
    for (int i = 0; i < MINING.samples(); i++) {
      NDArray eta = mined.sources().get(i).sub(block.e());
      NDArray etaAnchor = mined.targets().get(i).sub(block.eStar());
      assertThat(dot(eta, etaAnchor) / norm(eta) / norm(etaAnchor)).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void radiiSpreadEvenlyOverWhatTheCosineAllows() {
    Neighbors.Mined mined =
        new Neighbors(block, new MiningSettings(true, 400, 0.6, 0.1, 1, -1, 0))
            .mine(400, new Noise(3), scope);
    double sum = 0;
    for (int i = 0; i < 400; i++) {
      sum += radius(mined.sources().get(i).sub(block.e()));
    }
    assertThat(sum / 400).isCloseTo(0.3, within(0.03));
  }

  @Test
  void theDirectionPointsFromEToARandomPoint() {
    Neighbors.Mined mined =
        new Neighbors(block, MINING).mine(MINING.samples(), new Noise(0), scope);
    NDArray eta = mined.sources().get(0).sub(block.e());
    // u = (v - e)/||v - e|| has the cosine -||e||/||v - e|| with e, about -0.707 where ||v|| =
    // ||e||.
    assertThat(dot(eta, block.e()) / norm(eta) / norm(block.e())).isCloseTo(-0.707, within(0.02));
  }

  @Test
  void everyBeyondPointHasItsCosineBelowS2AndItsRadiusBetweenD1AndD2() {
    NDArray points =
        new BeyondConcept(block, MINING, BEYOND).sample(BEYOND.samples(), new Noise(0), scope);
    assertThat(points.getShape()).isEqualTo(new Shape(200, block.length(), Blocks.WIDTH));
    for (int i = 0; i < 200; i++) {
      double radius = radius(points.get(i).sub(block.e()));
      assertThat(radius).isBetween(0.72 - ROUNDING, 1.10 + ROUNDING);
      assertThat(cosine(points.get(i))).isLessThan(0.70 + ROUNDING);
    }
  }

  @Test
  void theSameSeedGivesTheSamePoints() {
    Neighbors.Mined one = new Neighbors(block, MINING).mine(MINING.samples(), new Noise(5), scope);
    Neighbors.Mined two = new Neighbors(block, MINING).mine(MINING.samples(), new Noise(5), scope);
    Neighbors.Mined other =
        new Neighbors(block, MINING).mine(MINING.samples(), new Noise(6), scope);
    assertThat(one.sources().contentEquals(two.sources())).isTrue();
    assertThat(one.targets().contentEquals(two.targets())).isTrue();
    assertThat(one.sources().contentEquals(other.sources())).isFalse();
    NDArray beyond =
        new BeyondConcept(block, MINING, BEYOND).sample(BEYOND.samples(), new Noise(5), scope);
    NDArray again =
        new BeyondConcept(block, MINING, BEYOND).sample(BEYOND.samples(), new Noise(5), scope);
    assertThat(beyond.contentEquals(again)).isTrue();
  }

  @Test
  void aSinglePointMayBeDrawnAtATime() {
    Neighbors mining = new Neighbors(block, MINING);
    Noise noise = new Noise(0);
    NDArray first = mining.mine(1, noise, scope).sources();
    NDArray second = mining.mine(1, noise, scope).sources();
    assertThat(first.getShape()).isEqualTo(new Shape(1, block.length(), Blocks.WIDTH));
    assertThat(first.contentEquals(second)).isFalse();
  }

  @Test
  void aPointMakesAWholeEmbeddingWithThePrefixInFront() {
    NDArray point = new Neighbors(block, MINING).mine(1, new Noise(0), scope).sources().get(0);
    NDArray whole = block.embed(point, scope);
    assertThat(whole.getShape()).isEqualTo(new Shape(77, Blocks.WIDTH));
    assertThat(whole.get(new NDIndex(":5")).contentEquals(block.prefix())).isTrue();
    assertThat(whole.get(new NDIndex("5:")).contentEquals(point)).isTrue();
    assertThat(block.embed(block.e(), scope).contentEquals(block.encoded())).isTrue();
  }

  @Test
  void rowsWithoutPartnerStayInAWholeEmbedding() {
    Concept.Rows longer = Blocks.block(scope, "the", "and the and", 9);
    assertThat(longer.length()).isEqualTo(70);
    NDArray whole = longer.embed(longer.e().mul(2), scope);
    assertThat(whole.getShape()).isEqualTo(new Shape(77, Blocks.WIDTH));
    assertThat(
            whole.get(new NDIndex("75:")).contentEquals(longer.encoded().get(new NDIndex("75:"))))
        .isTrue();
  }

  @Test
  void thresholdsThatTheGeometryCannotMeetAreAnErrorWithTheRangeItCanProduce() {
    MiningSettings far = new MiningSettings(true, 5, 0.72, 0.18, 0.5, 0.2, 0);
    RealeraException error =
        catchThrowableOfType(
            RealeraException.class, () -> new Neighbors(block, far).mine(1, new Noise(0), scope));
    assertThat(error.kind()).isEqualTo(Kind.USAGE);
    assertThat(error)
        .hasMessageContaining("none of 1,000 draws in a row had a cosine within [0.2, 0.5]")
        .hasMessageContaining("radii from 0.00 to 0.72 give cosines from 1.000 down to 0.69");
  }

  @Test
  void beyondPointsThatCannotGetFarEnoughAreAnErrorWithTheRange() {
    MiningSettings near = new MiningSettings(true, 5, 0.2, 0.1, 0.98, 0.3, 0);
    RealeraException error =
        catchThrowableOfType(
            RealeraException.class,
            () ->
                new BeyondConcept(block, near, new BeyondSettings(true, 5, 0.3))
                    .sample(5, new Noise(0), scope));
    assertThat(error)
        .hasMessageContaining("had a cosine below 0.3")
        .hasMessageContaining("radii from 0.20 to 0.30");
  }

  @Test
  void thePredictedCosineIsTheOneThatIsMeasured() {
    Perturbation geometry = new Perturbation(block);
    assertThat(geometry.expectedCosine(0.36)).isCloseTo(0.95, within(0.01));
    assertThat(geometry.expectedCosine(0.72)).isCloseTo(0.70, within(0.01));
    assertThat(geometry.expectedCosine(1.08)).isCloseTo(0.30, within(0.01));
  }

  @Test
  void chunksKeepMemoryFlatAndAddUp() {
    int[] seen = new int[2];
    new BeyondConcept(block, MINING, BEYOND)
        .sample(
            1000,
            new Noise(0),
            chunk -> {
              seen[0] += (int) chunk.getShape().get(0);
              seen[1] = Math.max(seen[1], (int) chunk.getShape().get(0));
            });
    assertThat(seen[0]).isEqualTo(1000);
    assertThat(seen[1]).isLessThan(100);
  }

  @Test
  void rejectedDrawsAreCountedAndDrawnAgain() {
    MiningSettings tight = new MiningSettings(true, 300, 0.72, 0.18, 0.98, 0.85, 0);
    int[] mined = {0};
    long draws =
        new Neighbors(block, tight)
            .mine(300, new Noise(0), (e, eStar) -> mined[0] += (int) e.getShape().get(0));
    assertThat(mined[0]).isEqualTo(300);
    assertThat(draws).isBetween(400L, 900L);
    MiningSettings s2 = new MiningSettings(true, 5, 0.72, 0.18, 0.98, 0.5, 0);
    int[] beyond = {0};
    draws =
        new BeyondConcept(block, s2, BEYOND)
            .sample(300, new Noise(0), points -> beyond[0] += (int) points.getShape().get(0));
    assertThat(beyond[0]).isEqualTo(300);
    assertThat(draws).isBetween(400L, 900L);
  }

  /** Drawn one at a time, most draws are rejected: nothing is handed over for those. */
  @Test
  void noEmptyChunkIsHandedOverAndChunksAreClosedBehindIt() {
    MiningSettings tight = new MiningSettings(true, 1, 0.72, 0.18, 0.98, 0.95, 0);
    List<NDArray> seen = new ArrayList<>();
    Noise noise = new Noise(0);
    long draws = 0;
    for (int i = 0; i < 10; i++) {
      draws +=
          new Neighbors(block, tight)
              .mine(
                  1,
                  noise,
                  (e, eStar) -> {
                    assertThat(e.getShape().get(0)).isEqualTo(1);
                    assertThat(eStar.getShape()).isEqualTo(e.getShape());
                    seen.addAll(List.of(e, eStar));
                  });
    }
    assertThat(draws).isGreaterThan(10);
    assertThat(seen).hasSize(20).allMatch(NDArray::isReleased);
    Neighbors.Mined mined = new Neighbors(block, tight).mine(1, noise, scope);
    assertThat(List.of(mined.sources(), mined.targets())).noneMatch(NDArray::isReleased);
    mined.close();
    assertThat(List.of(mined.sources(), mined.targets())).allMatch(NDArray::isReleased);
  }

  @Test
  void anEmbeddingOfZerosHasNoNeighborhood() {
    Concept.Rows zero = Blocks.blockOf(scope, scope.zeros(new Shape(77, 4)));
    RealeraException error =
        catchThrowableOfType(RealeraException.class, () -> new Neighbors(zero, MINING));
    assertThat(error.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(error).hasMessageContaining("\"a photo of the and\" is zero");
  }

  @Test
  void theTwoRadiiOfANeighborAreDrawnApart() {
    Neighbors.Mined mined =
        new Neighbors(block, new MiningSettings(true, 300, 0.72, 0.18, 1, -1, 0))
            .mine(300, new Noise(0), scope);
    double[] r = new double[300];
    double[] rAnchor = new double[300];
    for (int i = 0; i < 300; i++) {
      r[i] = radius(mined.sources().get(i).sub(block.e()));
      rAnchor[i] = radius(mined.targets().get(i).sub(block.eStar()));
    }
    assertThat(Math.abs(correlation(r, rAnchor))).isLessThan(0.2);
  }

  private static double correlation(double[] x, double[] y) {
    double meanX = java.util.Arrays.stream(x).average().orElseThrow();
    double meanY = java.util.Arrays.stream(y).average().orElseThrow();
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xy / Math.sqrt(xx * yy);
  }

  @Test
  void numbersThatAreNotFiniteAreNamedWithTheirPrompt() {
    NDArray bad = scope.ones(new Shape(77, 4)).mul(Float.NaN);
    RealeraException error =
        catchThrowableOfType(RealeraException.class, () -> Blocks.blockOf(scope, bad));
    assertThat(error.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(error).hasMessageContaining("\"a photo of the and\"");
  }
}
