package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.realera.closedform.Algebra;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.config.SpeedSettings;
import org.realera.tensor.Noise;

/** What a layer of SPEED has to retain. */
class SpeedTest {
  private static final int WIDTH = 8;
  private static final long SEED = 5;
  private static final int NEIGHBORS = 2;

  private NDManager scope;

  @BeforeEach
  void open() {
    scope = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private NDArray random(long seed, long rows) {
    return new Noise(seed).normal(scope, new Shape(rows, WIDTH)).toType(DataType.FLOAT64, false);
  }

  /** Every row has noise of its own; of neighbors, those of 128 rows have one mean. */
  @Test
  void neighborsOfManyRowsAreFilteredBlockByBlock() {
    NDArray w = random(1, 12);
    NDArray influence = random(2, WIDTH);
    NDArray rows = random(3, 130);
    SpeedSettings settings =
        RecipeReader.builtIn(
                "object", MethodName.SPEED, List.of("aug_num=" + NEIGHBORS, "disable_filter=true"))
            .settings(SpeedSettings.class);
    Speed.Given given = new Speed.Given(influence, influence, influence, rows, rows);
    NDArray first = neighbors(rows, 0, 128, w, influence);
    NDArray last = neighbors(rows, 128, 130, w, influence);
    NDArray all = rows.concat(first, 0).concat(last, 0);
    NDArray expected = all.transpose().matMul(all).div(all.getShape().get(0));
    NDArray found = Speed.retained(w, given, settings, SEED, scope);
    assertThat(norm(found.sub(expected)) / norm(expected)).isLessThan(1e-12);
  }

  /** Those that the edit would move by more than the mean of them. */
  private NDArray neighbors(NDArray rows, int from, int to, NDArray w, NDArray influence) {
    NDList noise = new NDList();
    for (int i = from; i < to; i++) {
      Noise own = new Noise(Noise.derive(SEED, "row", i));
      noise.add(own.normal(scope, new Shape(NEIGHBORS, WIDTH)));
    }
    NDArray some = rows.get(new NDIndex("{}:{}", from, to));
    NDArray v = Algebra.leastDirection(w, scope);
    NDArray near = Algebra.along(some, NDArrays.stack(noise), v, scope);
    NDArray above = Algebra.aboveMean(near, w.matMul(influence), scope);
    assertThat(above.getShape().get(0)).isBetween(1L, NEIGHBORS * (to - from) - 1L);
    return above;
  }

  private static double norm(NDArray array) {
    return array.norm().toDoubleArray()[0];
  }
}
