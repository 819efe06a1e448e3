package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

class ClosedFormTest {
  private static final int D = 24;

  private NDManager scope;
  private NDArray source;
  private NDArray target;
  private NDArray kept;
  private NDArray weight;

  @BeforeEach
  void open() {
    Engine.init();
    scope = NDManager.newBaseManager();
    Noise noise = new Noise(0);
    source = noise.normal(scope, new Shape(40, D));
    target = noise.normal(scope, new Shape(40, D));
    kept = noise.normal(scope, new Shape(30, D));
    weight = noise.normal(scope, new Shape(16, D));
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private NDArray solve(double mu, Consumer<GramAccumulator> samples) {
    try (GramAccumulator accumulator = new GramAccumulator(D)) {
      samples.accept(accumulator);
      return accumulator.solve(mu, scope);
    }
  }

  private static NDArray wide(NDArray x) {
    return x.toType(DataType.FLOAT64, true);
  }

  private static double norm(NDArray x) {
    return x.square().sum().sqrt().getDouble();
  }

  private static double distance(NDArray x, NDArray y) {
    return norm(x.sub(y)) / norm(y);
  }

  @Test
  void nothingAddedGivesExactlyTheIdentityAndTheSameWeights() {
    NDArray t = solve(0.1, a -> {});
    assertThat(t.contentEquals(scope.eye(D, D, 0, DataType.FLOAT64))).isTrue();
    weight.set(new NDIndex("0,0"), -0.0f);
    NDArray result = ClosedForm.apply(t, weight, scope);
    assertThat(result.toByteBuffer(true)).isEqualTo(weight.toByteBuffer(true));
  }

  @Test
  void onlyKeptRowsGiveExactlyTheIdentity() {
    NDArray t = solve(0.1, a -> a.keep(kept, 0.1));
    assertThat(ClosedForm.isIdentity(t)).isTrue();
  }

  @Test
  void rowsThatGoToThemselvesGiveExactlyTheIdentity() {
    NDArray t = solve(0.1, a -> a.add(source, source, 1));
    assertThat(ClosedForm.isIdentity(t)).isTrue();
  }

  @Test
  void theGradientOfTheObjectiveIsZeroAtTheSolution() {
    double lambda1 = 0.1;
    double mu = 0.05;
    NDArray t =
        solve(
            mu,
            a -> {
              a.add(source, target, 1);
              a.keep(kept, lambda1);
            });
    NDArray x = wide(source);
    NDArray p = wide(kept);
    NDArray original = wide(weight);
    NDArray w = original.matMul(t);
    double ridge = mu * x.square().sum().getDouble() / D;
    // Half the gradient of eq. 7 with the ridge, and the size of what cancels in it.
    NDArray pull = w.matMul(x.transpose()).sub(original.matMul(wide(target).transpose())).matMul(x);
    NDArray hold = w.sub(original).matMul(p.transpose()).matMul(p).mul(lambda1);
    NDArray leash = w.sub(original).mul(ridge);
    NDArray gradient = pull.add(hold).add(leash);
    assertThat(norm(gradient) / (norm(pull) + norm(hold) + norm(leash))).isLessThan(1e-10);
  }

  @Test
  void onePairWithAlmostNoRidgeIsMappedExactly() {
    NDArray e = source.get(new NDIndex("0:1"));
    NDArray anchor = target.get(new NDIndex("0:1"));
    NDArray t = solve(1e-9, a -> a.add(e, anchor, 1));
    NDArray mapped = wide(weight).matMul(t).matMul(wide(e).transpose());
    NDArray wanted = wide(weight).matMul(wide(anchor).transpose());
    assertThat(distance(mapped, wanted)).isLessThan(1e-6);
  }

  @Test
  void aDirectionThatNoSampleSpeaksOfIsLeftAlone() {
    NDArray e = source.get(new NDIndex("0:1"));
    NDArray t = solve(1e-3, a -> a.add(e, target.get(new NDIndex("0:1")), 1));
    NDArray other = wide(source.get(new NDIndex("1:2")));
    NDArray x = wide(e);
    NDArray orthogonal = other.sub(x.mul(other.mul(x).sum()).div(x.square().sum())).transpose();
    assertThat(distance(t.matMul(orthogonal), orthogonal)).isLessThan(1e-10);
  }

  @Test
  void theOrderOfTheSamplesDoesNotMatter() {
    NDArray forward =
        solve(
            0.1,
            a -> {
              a.add(source.get(new NDIndex(":10")), target.get(new NDIndex(":10")), 1);
              a.keep(kept, 0.1);
              a.add(source.get(new NDIndex("10:")), target.get(new NDIndex("10:")), 1);
            });
    NDArray backward =
        solve(
            0.1,
            a -> {
              a.add(source.get(new NDIndex("10:")), target.get(new NDIndex("10:")), 1);
              a.add(source.get(new NDIndex(":10")), target.get(new NDIndex(":10")), 1);
              a.keep(kept, 0.1);
            });
    assertThat(distance(forward, backward)).isLessThan(1e-12);
  }

  @Test
  void aWeightOfTwoIsTheSameAsAddingTwice() {
    NDArray weighted =
        solve(
            0.1,
            a -> {
              a.add(source, target, 2);
              a.keep(kept, 0.2);
            });
    NDArray twice =
        solve(
            0.1,
            a -> {
              a.add(source, target, 1);
              a.add(source, target, 1);
              a.keep(kept, 0.1);
              a.keep(kept, 0.1);
            });
    assertThat(distance(weighted, twice)).isLessThan(1e-12);
  }

  @Test
  void blocksOfManyRowsAreTheirRows() {
    NDArray flat = solve(0.1, a -> a.add(source, target, 1));
    NDArray blocks = solve(0.1, a -> a.add(source.reshape(5, 8, D), target.reshape(5, 8, D), 1));
    assertThat(blocks.contentEquals(flat)).isTrue();
  }

  @Test
  void aRelativeSetWeighsTheSameHoweverManyRowsItHas() {
    NDArray once =
        solve(
            0.1,
            a -> {
              a.add(source, target, 1);
              keepRelative(a, 1, 0.5);
            });
    NDArray often =
        solve(
            0.1,
            a -> {
              keepRelative(a, 7, 0.5);
              a.add(source, target, 1);
            });
    assertThat(distance(once, often)).isLessThan(1e-12);
    NDArray absolute =
        solve(
            0.1,
            a -> {
              a.add(source, target, 1);
              a.keep(
                  kept,
                  0.5
                      * wide(source).square().sum().getDouble()
                      / wide(kept).square().sum().getDouble());
            });
    assertThat(distance(once, absolute)).isLessThan(1e-12);
  }

  private void keepRelative(GramAccumulator accumulator, int times, double share) {
    try (Gram set = new Gram(D)) {
      for (int i = 0; i < times; i++) {
        set.add(kept, 1);
      }
      accumulator.keepRelative(set, share);
    }
  }

  @Test
  void aHeavierHoldMovesKeptRowsLess() {
    double loose = movement(0.01);
    double firm = movement(10);
    assertThat(firm).isLessThan(loose / 5);
  }

  private double movement(double share) {
    NDArray t =
        solve(
            0.01,
            a -> {
              a.add(source, target, 1);
              keepRelative(a, 1, share);
            });
    NDArray p = wide(kept).transpose();
    return distance(t.matMul(p), p);
  }

  @Test
  void anEmptyRelativeSetChangesNothing() {
    NDArray without = solve(0.1, a -> a.add(source, target, 1));
    NDArray with =
        solve(
            0.1,
            a -> {
              a.add(source, target, 1);
              try (Gram empty = new Gram(D)) {
                a.keepRelative(empty, 1);
              }
            });
    assertThat(with.contentEquals(without)).isTrue();
  }

  @Test
  void severalConceptsShareOneProblem() {
    try (GramAccumulator accumulator = new GramAccumulator(D)) {
      accumulator.add(source.get(new NDIndex(":4")), target.get(new NDIndex(":4")), 1);
      accumulator.add(source.get(new NDIndex("4:8")), target.get(new NDIndex("4:8")), 1);
      accumulator.keep(kept, 0.1);
      assertThat(accumulator.erasedRows()).isEqualTo(8);
      assertThat(accumulator.keptRows()).isEqualTo(30);
      NDArray t = accumulator.solve(1e-8, scope);
      NDArray mapped = t.matMul(wide(source.get(new NDIndex(":8"))).transpose());
      assertThat(mapped.getShape()).isEqualTo(new Shape(D, 8));
    }
    NDArray t =
        solve(1e-8, a -> a.add(source.get(new NDIndex(":8")), target.get(new NDIndex(":8")), 1));
    NDArray mapped = t.matMul(wide(source.get(new NDIndex(":8"))).transpose());
    assertThat(distance(mapped, wide(target.get(new NDIndex(":8"))).transpose())).isLessThan(1e-5);
  }

  @Test
  void theProductIsRoundedOnce() {
    NDArray t = solve(0.1, a -> a.add(source, target, 1));
    NDArray expected = wide(weight).matMul(t).toType(DataType.FLOAT32, true);
    assertThat(ClosedForm.apply(t, weight, scope).contentEquals(expected)).isTrue();
  }

  @Test
  void tooFewSamplesWithoutRidgeAreAnErrorThatNamesMu() {
    RealeraException error =
        catchThrowableOfType(
            RealeraException.class,
            () ->
                solve(
                    0,
                    a -> a.add(source.get(new NDIndex(":3")), target.get(new NDIndex(":3")), 1)));
    assertThat(error.kind()).isEqualTo(Kind.USAGE);
    assertThat(error).hasMessageContaining("mu = 0.0");
    assertThat(error.remedy()).contains("closed_form.mu");
  }

  @Test
  void numbersThatAreNotFiniteAreAnErrorWhereverTheyEnter() {
    NDArray bad = source.mul(Float.NaN);
    for (Consumer<GramAccumulator> samples :
        java.util.List.<Consumer<GramAccumulator>>of(
            a -> a.add(bad, target, 1),
            a -> a.add(source, bad, 1),
            a -> {
              a.add(source, target, 1);
              a.keep(bad, 0.1);
            })) {
      RealeraException error =
          catchThrowableOfType(RealeraException.class, () -> solve(0.1, samples));
      assertThat(error.kind()).isEqualTo(Kind.DAMAGED);
    }
  }

  @Test
  void thePriorLeavesOutTheNearestPrompts() {
    double[] nearness = {0.1, 0.9, 0.3, 0.8, 0.2};
    assertThat(TextPrior.farthest(nearness, 0)).containsExactly(0, 1, 2, 3, 4);
    assertThat(TextPrior.farthest(nearness, 0.2)).containsExactly(0, 2, 3, 4);
    assertThat(TextPrior.farthest(nearness, 0.25)).containsExactly(0, 2, 4);
    assertThat(TextPrior.farthest(nearness, 1)).isEmpty();
  }

  @Test
  void fullSizeProblemsAreSolvedToFloat64Accuracy() {
    for (int d : new int[] {768, 1024}) {
      NDArray x = new Noise(1).normal(scope, new Shape(200, d));
      NDArray y = new Noise(2).normal(scope, new Shape(200, d));
      try (GramAccumulator accumulator = new GramAccumulator(d)) {
        accumulator.add(x, y, 1);
        NDArray t = accumulator.solve(0.01, scope);
        double ridge = 0.01 * wide(x).square().sum().getDouble() / d;
        NDArray pull = t.matMul(wide(x).transpose()).sub(wide(y).transpose()).matMul(wide(x));
        NDArray leash = t.sub(scope.eye(d, d, 0, DataType.FLOAT64)).mul(ridge);
        assertThat(norm(pull.add(leash)) / norm(pull)).as("d " + d).isCloseTo(0, within(1e-10));
      }
    }
  }
}
