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
class ClosedFormRowsTest extends RandomRows {
  @Test
  void theOrderOfTheSamplesDoesNotMatter() {
    NDArray forward =
        solve(
            0.1,
            a -> {
              a.map(source.get(new NDIndex(":10")), target.get(new NDIndex(":10")));
              a.keep(kept, 0.1);
              a.map(source.get(new NDIndex("10:")), target.get(new NDIndex("10:")));
            });
    NDArray backward =
        solve(
            0.1,
            a -> {
              a.map(source.get(new NDIndex("10:")), target.get(new NDIndex("10:")));
              a.map(source.get(new NDIndex(":10")), target.get(new NDIndex(":10")));
              a.keep(kept, 0.1);
            });
    assertThat(distance(forward, backward)).isLessThan(1e-12);
  }

  @Test
  void blocksOfManyRowsAreTheirRows() {
    NDArray flat = solve(0.1, a -> a.map(source, target));
    NDArray blocks = solve(0.1, a -> a.map(source.reshape(5, 8, D), target.reshape(5, 8, D)));
    assertThat(blocks.contentEquals(flat)).isTrue();
  }

  @Test
  void aRelativeSetWeighsTheSameHoweverManyRowsItHas() {
    NDArray once =
        solve(
            0.1,
            a -> {
              a.map(source, target);
              keepRelative(a, 1, 0.5);
            });
    NDArray often =
        solve(
            0.1,
            a -> {
              keepRelative(a, 7, 0.5);
              a.map(source, target);
            });
    assertThat(distance(once, often)).isLessThan(1e-12);
    NDArray absolute =
        solve(
            0.1,
            a -> {
              a.map(source, target);
              a.keep(
                  kept,
                  0.5
                      * wide(source).square().sum().getDouble()
                      / wide(kept).square().sum().getDouble());
            });
    assertThat(distance(once, absolute)).isLessThan(1e-12);
  }

  private void keepRelative(ClosedForm closedForm, int times, double share) {
    try (Gram set = new Gram(D)) {
      for (int i = 0; i < times; i++) {
        set.add(kept, 1);
      }
      closedForm.keepRelative(set, share);
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
              a.map(source, target);
              keepRelative(a, 1, share);
            });
    NDArray p = wide(kept).transpose();
    return distance(t.matMul(p), p);
  }

  @Test
  void anEmptyRelativeSetChangesNothing() {
    NDArray without = solve(0.1, a -> a.map(source, target));
    NDArray with =
        solve(
            0.1,
            a -> {
              a.map(source, target);
              try (Gram empty = new Gram(D)) {
                a.keepRelative(empty, 1);
              }
            });
    assertThat(with.contentEquals(without)).isTrue();
  }

  @Test
  void rowsAreCountedHoweverTheyAreKept() {
    try (ClosedForm closedForm = new ClosedForm(D)) {
      closedForm.map(source.reshape(5, 8, D), target.reshape(5, 8, D));
      closedForm.keep(kept, 0.1);
      keepRelative(closedForm, 2, 0.5);
      assertThat(closedForm.mappedRows()).isEqualTo(40);
      assertThat(closedForm.keptRows()).isEqualTo(30 + 2 * 30);
    }
  }

  @Test
  void severalConceptsShareOneProblem() {
    try (ClosedForm closedForm = new ClosedForm(D)) {
      closedForm.map(source.get(new NDIndex(":4")), target.get(new NDIndex(":4")));
      closedForm.map(source.get(new NDIndex("4:8")), target.get(new NDIndex("4:8")));
      closedForm.keep(kept, 0.1);
      assertThat(closedForm.mappedRows()).isEqualTo(8);
      assertThat(closedForm.keptRows()).isEqualTo(30);
      NDArray t = closedForm.solve(1e-8, scope);
      NDArray mapped = t.matMul(wide(source.get(new NDIndex(":8"))).transpose());
      assertThat(mapped.getShape()).isEqualTo(new Shape(D, 8));
    }
    NDArray t =
        solve(1e-8, a -> a.map(source.get(new NDIndex(":8")), target.get(new NDIndex(":8"))));
    NDArray mapped = t.matMul(wide(source.get(new NDIndex(":8"))).transpose());
    assertThat(distance(mapped, wide(target.get(new NDIndex(":8"))).transpose())).isLessThan(1e-5);
  }

  @Test
  void numbersThatAreNotFiniteAreAnErrorWhereverTheyEnter() {
    NDArray bad = source.mul(Float.NaN);
    for (Consumer<ClosedForm> samples :
        java.util.List.<Consumer<ClosedForm>>of(
            a -> a.map(bad, target),
            a -> a.map(source, bad),
            a -> {
              a.map(source, target);
              a.keep(bad, 0.1);
            },
            a -> {
              a.map(source, target);
              try (Gram set = new Gram(D)) {
                set.add(bad, 1);
                a.keepRelative(set, 0.1);
              }
            })) {
      RealeraException error =
          catchThrowableOfType(RealeraException.class, () -> solve(0.1, samples));
      assertThat(error.kind()).isEqualTo(Kind.DAMAGED);
    }
  }
}
