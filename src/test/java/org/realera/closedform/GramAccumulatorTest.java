package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** How samples of several kinds add up to one problem. */
class GramAccumulatorTest extends RandomRows {
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
}
