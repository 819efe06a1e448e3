package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.tensor.Noise;

/** What the one solve promises of its solution. */
class ClosedFormTest extends RandomRows {
  @Test
  void nothingAddedGivesExactlyTheIdentityAndTheSameWeights() {
    NDArray t = solve(0.1, a -> {});
    assertThat(t.contentEquals(scope.eye(D, D, 0, DataType.FLOAT64))).isTrue();
    weight.set(new NDIndex("0,0"), -0.0f);
    NDArray result = ClosedForm.project(t, weight, scope);
    assertThat(result.toByteBuffer(true)).isEqualTo(weight.toByteBuffer(true));
  }

  @Test
  void onlyKeptRowsGiveExactlyTheIdentity() {
    NDArray t = solve(0.1, a -> a.keep(kept, 0.1));
    assertThat(t).isEqualTo(scope.eye(D).toType(DataType.FLOAT64, false));
  }

  @Test
  void rowsThatGoToThemselvesGiveExactlyTheIdentity() {
    NDArray t = solve(0.1, a -> a.map(source, source));
    assertThat(t).isEqualTo(scope.eye(D).toType(DataType.FLOAT64, false));
  }

  @Test
  void theGradientOfTheObjectiveIsZeroAtTheSolution() {
    double lambda1 = 0.1;
    double mu = 0.05;
    NDArray t =
        solve(
            mu,
            a -> {
              a.map(source, target);
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
    NDArray t = solve(1e-9, a -> a.map(e, anchor));
    NDArray mapped = wide(weight).matMul(t).matMul(wide(e).transpose());
    NDArray wanted = wide(weight).matMul(wide(anchor).transpose());
    assertThat(distance(mapped, wanted)).isLessThan(1e-6);
  }

  @Test
  void aDirectionThatNoSampleSpeaksOfIsLeftAlone() {
    NDArray e = source.get(new NDIndex("0:1"));
    NDArray t = solve(1e-3, a -> a.map(e, target.get(new NDIndex("0:1"))));
    NDArray other = wide(source.get(new NDIndex("1:2")));
    NDArray x = wide(e);
    NDArray orthogonal = other.sub(x.mul(other.mul(x).sum()).div(x.square().sum())).transpose();
    assertThat(distance(t.matMul(orthogonal), orthogonal)).isLessThan(1e-10);
  }

  /** T (G + lambda I) = sum e* e^T + K + lambda I. */
  @Test
  void aRidgeOfItsOwnSizeIsWhatIsAddedToTheDiagonal() {
    double lambda = 0.7;
    try (ClosedForm closedForm = new ClosedForm(D)) {
      closedForm.map(source, target);
      NDArray t = closedForm.solveWithRidge(lambda, scope);
      NDArray ridge = scope.eye(D, D, 0, DataType.FLOAT64).mul(lambda);
      NDArray x = wide(source);
      NDArray left = t.matMul(x.transpose().matMul(x).add(ridge));
      NDArray right = wide(target).transpose().matMul(x).add(ridge);
      assertThat(distance(left, right)).isLessThan(1e-12);
    }
  }

  @Test
  void aSetThatIsKeptCountsAsItsRowsDo() {
    NDArray byRows =
        solve(
            0.1,
            samples -> {
              samples.map(source, target);
              samples.keep(kept, 0.5);
              assertThat(samples.keptRows()).isEqualTo(30);
            });
    NDArray without = solve(0.1, samples -> samples.map(source, target));
    try (Gram set = new Gram(D)) {
      set.add(kept, 1);
      NDArray bySet =
          solve(
              0.1,
              samples -> {
                samples.map(source, target);
                samples.keep(set, 0.5);
                assertThat(samples.keptRows()).isEqualTo(30);
              });
      assertThat(distance(bySet, byRows)).isLessThan(1e-12);
      assertThat(distance(without, byRows)).isGreaterThan(1e-3);
      NDArray weightless =
          solve(
              0.1,
              samples -> {
                samples.map(source, target);
                samples.keep(set, 0);
                assertThat(samples.keptRows()).isZero();
              });
      assertThat(weightless).isEqualTo(without);
    }
  }

  @Test
  void allThatItOwnsGoesWithIt() {
    ClosedForm closedForm = new ClosedForm(D);
    List<NDArray> owned =
        List.of(closedForm.mapped().matrix(), closedForm.kept().matrix(), closedForm.difference());
    assertThat(owned).allSatisfy(array -> assertThat(array.toDoubleArray()).isNotEmpty());
    closedForm.close();
    assertThat(owned)
        .allSatisfy(
            array ->
                assertThatThrownBy(array::toDoubleArray).isInstanceOf(IllegalStateException.class));
  }

  @Test
  void theProductIsRoundedOnce() {
    NDArray t = solve(0.1, a -> a.map(source, target));
    NDArray expected = wide(weight).matMul(t).toType(DataType.FLOAT32, true);
    assertThat(ClosedForm.project(t, weight, scope).contentEquals(expected)).isTrue();
  }

  @Test
  void tooFewSamplesWithoutRidgeAreAnErrorThatNamesMu() {
    RealeraException error =
        catchThrowableOfType(
            RealeraException.class,
            () ->
                solve(0, a -> a.map(source.get(new NDIndex(":3")), target.get(new NDIndex(":3")))));
    assertThat(error.kind()).isEqualTo(Kind.USAGE);
    assertThat(error).hasMessageContaining("mu = 0.0");
    assertThat(error.remedy()).contains("closed_form.mu");
  }

  /** The first i of the unit vectors times factor. */
  private NDArray axes(int count, double factor) {
    return scope.eye(D).get(new NDIndex(":{}", count)).mul(factor);
  }

  @Test
  void theConditionIsThatOfTheGramMatrix() {
    try (ClosedForm closedForm = new ClosedForm(D)) {
      assertThat(closedForm.condition()).isEqualTo(1);
      closedForm.map(axes(D, 1), axes(D, 2));
      closedForm.keep(axes(4, 7), 1);
      closedForm.solve(0, scope);
      assertThat(closedForm.condition()).isCloseTo(1 + 49, within(1e-9));
    }
  }

  @Test
  void aMatrixWithoutInverseIsToldFromOneThatRoundingSpoils() {
    RealeraException none = refused(a -> a.map(axes(3, 1), axes(3, 2)));
    assertThat(none).hasMessageContaining("is not positive definite (minor 4) with mu = 0.0");
    RealeraException hardly =
        refused(
            a -> {
              a.map(axes(D, 1e-4), axes(D, 1));
              a.map(axes(3, 1e4), axes(3, 1));
            });
    assertThat(hardly)
        .hasMessageContaining("is singular to working precision (condition 1e+16) with mu = 0.0");
    assertThat(List.of(none, hardly))
        .allSatisfy(
            error -> {
              assertThat(error.kind()).isEqualTo(Kind.USAGE);
              assertThat(error.remedy()).contains("closed_form.mu");
            });
  }

  /** Of float64's digits the one leaves two, the other four. */
  @Test
  void aConditionOf1e14IsRefusedAndOneOf1e12IsNot() {
    assertThat(refused(a -> spread(a, 1e4)))
        .hasMessageContaining("is singular to working precision (condition 1e+14) with mu = 0.0");
    NDArray t = solve(0, a -> spread(a, 1e3));
    assertThat(t.getDouble(D - 1, D - 1)).isCloseTo(1e3, within(1e-3));
    assertThat(t.getDouble(0, 0)).isCloseTo(1e-3, within(1e-6));
  }

  /** Moves all axes from a thousandth, and some of them from this length. */
  private void spread(ClosedForm samples, double length) {
    samples.map(axes(D, 1e-3), axes(D, 1));
    samples.map(axes(3, length), axes(3, 1));
  }

  private RealeraException refused(Consumer<ClosedForm> samples) {
    RealeraException error = catchThrowableOfType(RealeraException.class, () -> solve(0, samples));
    assertThat(error).isNotNull();
    return error;
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    try (ClosedForm closedForm = new ClosedForm(D)) {
      assertThatThrownBy(() -> closedForm.map(source, kept)).hasMessageContaining("do not pair");
      for (NDArray wrong : List.of(scope.ones(new Shape(2, D + 1)), scope.create(1f))) {
        assertThatThrownBy(() -> closedForm.keep(wrong, 1)).hasMessageContaining("rows of width");
      }
      assertThat(closedForm.mappedRows() + closedForm.keptRows()).isZero();
    }
    NDArray t = scope.eye(D).toType(DataType.FLOAT64, false);
    for (NDArray wrong : List.of(scope.ones(new Shape(2, D + 1)), scope.ones(new Shape(D)))) {
      assertThatThrownBy(() -> ClosedForm.project(t, wrong, scope))
          .hasMessageContaining("but W is");
    }
  }

  /** Native memory: who closes what, as the comments say. */
  @Test
  void whatIsLentStaysOpenAndWhatIsGivenBelongsToTheScope() {
    NDArray blocks = source.reshape(5, 8, D);
    try (NDManager inner = scope.newSubManager()) {
      NDArray same;
      NDArray t;
      try (ClosedForm closedForm = new ClosedForm(D)) {
        same = ClosedForm.project(closedForm.solve(1, inner), weight, inner);
        closedForm.map(blocks, target.reshape(5, 8, D));
        closedForm.keep(kept, 1);
        t = closedForm.solve(1, inner);
      }
      assertThat(List.of(source, target, kept, weight, blocks)).noneMatch(NDArray::isReleased);
      assertThat(List.of(same, t)).noneMatch(NDArray::isReleased);
      assertThat(List.of(same, t)).allMatch(array -> array.getManager() == inner);
    }
    Gram gram = new Gram(D);
    gram.add(blocks, 1);
    NDArray matrix = gram.matrix();
    gram.close();
    assertThat(matrix.isReleased()).isTrue();
    assertThat(blocks.isReleased()).isFalse();
  }

  @Test
  void fullSizeProblemsAreSolvedToFloat64Accuracy() {
    for (int d : new int[] {768, 1024}) {
      NDArray x = new Noise(1).normal(scope, new Shape(200, d));
      NDArray y = new Noise(2).normal(scope, new Shape(200, d));
      try (ClosedForm closedForm = new ClosedForm(d)) {
        closedForm.map(x, y);
        NDArray t = closedForm.solve(0.01, scope);
        double ridge = 0.01 * wide(x).square().sum().getDouble() / d;
        NDArray pull = t.matMul(wide(x).transpose()).sub(wide(y).transpose()).matMul(wide(x));
        NDArray leash = t.sub(scope.eye(d, d, 0, DataType.FLOAT64)).mul(ridge);
        assertThat(norm(pull.add(leash)) / norm(pull)).as("d " + d).isCloseTo(0, within(1e-10));
      }
    }
  }
}
