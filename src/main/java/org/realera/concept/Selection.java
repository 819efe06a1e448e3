package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.realera.concept.ConceptGeometry.Directions;

/** Which candidates of a chunk were accepted. */
final class Selection {
  private final int[] indices;
  private int size;

  Selection(int candidates) {
    this.indices = new int[candidates];
  }

  void add(int index) {
    indices[size++] = index;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /**
   * The points {@code center + lengths[i] u_i} of the accepted candidates i.
   *
   * @param center [L, d], borrowed
   * @param lengths ||eta|| of every candidate
   * @return [size, L, d] fp32, owned by {@code scope}
   */
  NDArray points(NDArray center, Directions directions, double[] lengths, NDManager scope) {
    int[] chosen = Arrays.copyOf(indices, size);
    float[] factors = new float[size];
    for (int k = 0; k < size; k++) {
      factors[k] = (float) (lengths[chosen[k]] / directions.lengths()[chosen[k]]);
    }
    NDArray points = directions.towards().get(scope.create(chosen));
    points.attach(scope);
    points.muli(scope.create(factors, new Shape(size, 1, 1)));
    return points.addi(center);
  }
}
