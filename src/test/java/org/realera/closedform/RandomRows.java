package org.realera.closedform;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

/** Rows to erase, their targets, rows to keep and a projection: random, and always the same. */
abstract class RandomRows {
  static final int D = 24;

  NDManager scope;
  NDArray source;
  NDArray target;
  NDArray kept;
  NDArray weight;

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

  NDArray solve(double mu, Consumer<ClosedForm> samples) {
    try (ClosedForm closedForm = new ClosedForm(D)) {
      samples.accept(closedForm);
      return closedForm.solve(mu, scope);
    }
  }

  static NDArray wide(NDArray x) {
    return x.toType(DataType.FLOAT64, true);
  }

  static double norm(NDArray x) {
    return x.square().sum().sqrt().getDouble();
  }

  static double distance(NDArray x, NDArray y) {
    return norm(x.sub(y)) / norm(y);
  }
}
