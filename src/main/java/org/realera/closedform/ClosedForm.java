package org.realera.closedform;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** The products of the closed form: one T serves every cross-attention projection. */
public final class ClosedForm {
  private ClosedForm() {}

  /**
   * W = W_org T, summed in float64 and rounded once.
   *
   * @param t T [d, d] float64, from {@link GramAccumulator#solve}
   * @param weight W_org [C, d], any float type, on the CPU, borrowed
   * @param scope owns the result
   * @return W [C, d] float32; if T is the identity, the values of {@code weight} to the last bit
   */
  public static NDArray apply(NDArray t, NDArray weight, NDManager scope) {
    Shape shape = weight.getShape();
    if (shape.dimension() != 2 || shape.get(1) != t.getShape().get(0)) {
      throw new IllegalArgumentException("T is " + t.getShape() + ", but W is " + shape);
    }
    if (isIdentity(t)) {
      // A product would turn -0 into +0.
      NDArray same = weight.toType(DataType.FLOAT32, true);
      same.attach(scope);
      return same;
    }
    return LinearAlgebra.script().tensor(scope, "apply", t, weight);
  }

  /** Whether T moves nothing at all. */
  public static boolean isIdentity(NDArray t) {
    try (NDManager inner = NDManager.newBaseManager(t.getDevice())) {
      NDArray identity = LinearAlgebra.script().tensor(inner, "identity", t.getShape().get(0));
      return t.contentEquals(identity);
    }
  }
}
