package org.realera.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.realera.tensor.Engine;

/** Loss and gradients of a step, from its parts. */
class GradientsTest {
  @Test
  void partsAddUpNameByName() {
    Engine.init();
    Gradients sum = new Gradients();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray a = scope.create(new float[] {1, 2});
      sum.add(0.5, Map.of("a", a, "b", scope.create(4f)));
      assertThat(a.isReleased()).isTrue();
      sum.add(0.25, Map.of("a", scope.create(new float[] {10, -5}), "c", scope.create(7f)));
    }
    sum.addLoss(2);
    assertThat(sum.loss()).isEqualTo(2.75);
    assertThat(sum.values()).containsOnlyKeys("a", "b", "c");
    assertThat(sum.values().get("a").toArray()).containsExactly(11, -3);
    assertThat(sum.values().get("b").toArray()).containsExactly(4);
    assertThat(sum.values().get("c").toArray()).containsExactly(7);
  }
}
