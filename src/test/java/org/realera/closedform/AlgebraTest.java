package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.closedform.Algebra.NullSpace;
import org.realera.tensor.Noise;

class AlgebraTest {
  private NDManager scope;

  @BeforeEach
  void open() {
    scope = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private NDArray random(long seed, long rows, long columns) {
    return new Noise(seed).normal(scope, new Shape(rows, columns)).toType(DataType.FLOAT64, false);
  }

  private NDArray identity(long d) {
    return Algebra.identity(d, scope);
  }

  private static double norm(NDArray array) {
    return array.norm().toDoubleArray()[0];
  }

  private static double dot(NDArray a, NDArray b) {
    return a.mul(b).sum().getDouble();
  }

  /** By elimination: DJL has no determinant. */
  private static double determinant(NDArray matrix) {
    int n = (int) matrix.getShape().get(0);
    double[] a = matrix.toDoubleArray();
    double product = 1;
    for (int i = 0; i < n; i++) {
      int pivot = i;
      for (int r = i; r < n; r++) {
        pivot = Math.abs(a[r * n + i]) > Math.abs(a[pivot * n + i]) ? r : pivot;
      }
      for (int c = 0; c < n; c++) {
        double swapped = a[i * n + c];
        a[i * n + c] = a[pivot * n + c];
        a[pivot * n + c] = swapped;
      }
      product *= pivot == i ? a[i * n + i] : -a[i * n + i];
      for (int r = i + 1; r < n; r++) {
        double factor = a[r * n + i] / a[i * n + i];
        for (int c = i; c < n; c++) {
          a[r * n + c] -= factor * a[i * n + c];
        }
      }
    }
    return product;
  }

  /** Keys and values with more, with as many and with fewer rows than text embeddings are wide. */
  @ParameterizedTest
  @CsvSource({"12, 7, 1", "12, 7, 2", "7, 7, 1", "7, 7, 2", "5, 9, 1", "5, 9, 2", "5, 9, 3"})
  void aRotationIsOrthogonalWithDeterminantOne(long c, long d, long seed) {
    NDArray w = random(seed, c, d);
    NDArray m = w.matMul(random(seed + 10, d, d)).matMul(w.transpose());
    NDArray r = Algebra.rotation(m, w, "Nothing.", scope);
    assertThat(norm(r.transpose().matMul(r).sub(identity(c)))).isLessThan(1e-12);
    assertThat(determinant(r)).isCloseTo(1, within(1e-9));
  }

  /** Nothing near the rotation has a larger trace with m, on the space of w. */
  @Test
  void aRotationIsTheNearestToItsMatrix() {
    NDArray w = random(1, 12, 7);
    NDArray m = w.matMul(random(2, 7, 7)).matMul(w.transpose());
    NDArray r = Algebra.rotation(m, w, "Nothing.", scope);
    for (int i = 0; i < 20; i++) {
      NDArray a = random(100 + i, 12, 12).mul(0.01);
      NDArray skew = a.sub(a.transpose());
      // Cayley: a small rotation
      NDArray turn =
          Algebra.inverse(identity(12).add(skew), "I + A", "Nothing.", scope)
              .matMul(identity(12).sub(skew));
      assertThat(dot(turn.matMul(r), m)).isLessThanOrEqualTo(dot(r, m) + 1e-9);
    }
  }

  @Test
  void aPositiveMatrixTurnsNothing() {
    NDArray w = random(3, 6, 9);
    NDArray r = Algebra.rotation(w.matMul(w.transpose()), w, "Nothing.", scope);
    assertThat(norm(r.sub(identity(6)))).isLessThan(1e-12);
  }

  @Test
  void aMatrixOfNothingHasNoRotation() {
    NDArray w = random(3, 6, 9);
    NDArray one = w.get("0:1");
    assertThatThrownBy(
            () ->
                Algebra.rotation(
                    random(4, 6, 1).matMul(one.matMul(w.transpose())), w, "Raise lamb.", scope))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("singular");
  }

  @Test
  void columnsThatDependOnOthersSpanNothingMore() {
    NDArray columns = random(5, 8, 2);
    NDArray twice = columns.concat(columns.mul(3), 1);
    NDArray p = Algebra.span(twice, scope);
    assertThat(norm(p.sub(Algebra.span(columns, scope)))).isLessThan(1e-7);
    assertThat(norm(p.matMul(columns).sub(columns))).isLessThan(1e-7);
    assertThat(p.mul(p).sum().getDouble()).isCloseTo(2, within(1e-9));
  }

  @Test
  void theNullSpaceIsWhatNoRowNeeds() {
    NDArray rows = random(6, 3, 8);
    NullSpace space = NullSpace.of(rows.transpose().matMul(rows), 1e-6, scope);
    assertThat(space.dimensions()).isEqualTo(5);
    assertThat(norm(rows.matMul(space.projector()))).isLessThan(1e-6);
  }

  @Test
  void theLeastDirectionIsTheShortestForTheWeight() {
    NDArray w = random(7, 9, 4);
    NDArray v = Algebra.leastDirection(w, scope);
    double least = norm(w.matMul(v));
    for (int i = 0; i < 30; i++) {
      NDArray other = random(200 + i, 4, 1);
      assertThat(norm(w.matMul(other)) / norm(other)).isGreaterThanOrEqualTo(least - 1e-12);
    }
  }

  @Test
  void rowsThatAWeightMakesLongerThanTheMeanAreTakenInTheirOrder() {
    NDArray x = scope.eye(3, 3, 0, DataType.FLOAT64);
    NDArray w = scope.create(new double[] {5, 1, 4, 0, 0, 0}, new Shape(2, 3));
    NDArray found = Algebra.aboveMean(x, w, scope);
    assertThat(found.toDoubleArray()).containsExactly(1, 0, 0, 0, 0, 1);
  }

  @Test
  void groupsOfRowsHaveTheirMeansAsCentres() {
    NDArray near = random(8, 12, 5).mul(0.01);
    NDArray[] groups = new NDArray[3];
    for (int i = 0; i < 3; i++) {
      groups[i] = near.get(4 * i + ":" + (4 * i + 4)).add(10 * (i + 1));
    }
    NDArray x = groups[0].concat(groups[1], 0).concat(groups[2], 0);
    NDArray centres = Algebra.kMeans(x, 3, scope);
    for (int i = 0; i < 3; i++) {
      assertThat(norm(centres.get(i).sub(groups[i].mean(new int[] {0})))).isLessThan(1e-12);
    }
  }

  @Test
  void aGroupThatLosesItsRowsKeepsItsCentre() {
    NDArray same = scope.ones(new Shape(6, 2), DataType.FLOAT64);
    NDArray centres = Algebra.kMeans(same, 3, scope);
    assertThat(norm(centres.sub(1))).isLessThan(1e-12);
  }

  @Test
  void noiseGoesAlongOneDirection() {
    NDArray x = random(9, 2, 3);
    NDArray v = scope.create(new double[] {0, 1, 0}, new Shape(3, 1));
    NDArray noise = random(10, 6, 3).reshape(2, 3, 3);
    NDArray near = Algebra.along(x, noise, v, scope);
    assertThat(near.getShape()).isEqualTo(new Shape(6, 3));
    NDArray moved = near.reshape(2, 3, 3).sub(x.reshape(2, 1, 3));
    assertThat(norm(moved.get(":, :, 0"))).isZero();
    assertThat(norm(moved.get(":, :, 1").sub(noise.get(":, :, 1")))).isLessThan(1e-12);
    assertThat(norm(moved.get(":, :, 2"))).isZero();
  }

  /** Of a matrix whose condition is over 1e13 nothing is said. */
  @Test
  void aConditionOf1e14IsTooMuchAndOneOf1e12IsNot() {
    NDArray w = random(12, 3, 5);
    NDArray bad = scope.create(new double[] {1, 0, 0, 0, 1e-14, 0, 0, 0, 1}, new Shape(3, 3));
    assertThatThrownBy(() -> Algebra.inverse(bad, "the matrix", "Do something.", scope))
        .hasMessage("the matrix is singular to working precision");
    assertThatThrownBy(() -> Algebra.rotation(bad, w, "Do something.", scope))
        .hasMessage("the rotation's matrix is singular to working precision");
    NDArray good = scope.create(new double[] {1, 0, 0, 0, 1e-12, 0, 0, 0, 1}, new Shape(3, 3));
    NDArray inverse = Algebra.inverse(good, "the matrix", "Do something.", scope);
    assertThat(norm(inverse.matMul(good).sub(identity(3)))).isLessThan(1e-12);
    assertThat(norm(Algebra.rotation(good, w, "Do something.", scope).sub(identity(3))))
        .isLessThan(1e-12);
  }

  @Test
  void aSingularMatrixHasNoInverse() {
    NDArray one = random(11, 3, 1);
    assertThatThrownBy(
            () ->
                Algebra.inverse(one.matMul(one.transpose()), "the matrix", "Do something.", scope))
        .isInstanceOf(RealeraException.class)
        .hasMessage("the matrix is singular to working precision");
    assertThatThrownBy(
            () ->
                Algebra.inverse(
                    scope.zeros(new Shape(3, 3), DataType.FLOAT64), "zero", "Do something.", scope))
        .isInstanceOf(RealeraException.class);
  }
}
