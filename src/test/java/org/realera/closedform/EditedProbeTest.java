package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;

class EditedProbeTest {
  private static final long WIDTH = 32;

  @Test
  void whereOneMatrixServesAllLayersItIsTheProbeOfThatMatrix() {
    try (Weights unet = Checkpoint.open(Golden.path("tiny-sd")).openUnet();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray t = scope.eye((int) WIDTH, (int) WIDTH, 0, DataType.FLOAT64).mul(0.4).add(0.05);
      Edits edits = new Edits(Projections.of(t, unet, scope).tensors(), 1);
      try (ResidueProbe one = new ResidueProbe(unet, WIDTH);
          EditedProbe any = new EditedProbe(unet, edits, WIDTH)) {
        NDArray expected = one.attack(t, 0.1, scope);
        assertThat(Golden.relativeError(any.attack(0.1, scope), expected)).isLessThan(1e-6);
      }
    }
  }

  @Test
  void withoutEditsAndNearlyWithoutARidgeEachRowReachesItself() {
    try (Weights unet = Checkpoint.open(Golden.path("tiny-sd")).openUnet();
        EditedProbe probe = new EditedProbe(unet, Edits.NONE, WIDTH);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray identity = scope.eye((int) WIDTH, (int) WIDTH, 0, DataType.FLOAT64);
      assertThat(Golden.relativeError(probe.attack(1e-12, scope), identity)).isLessThan(1e-6);
    }
  }

  @Test
  void projectionsThatSeeNothingHaveNoSolution() {
    try (Weights unet = Checkpoint.open(Golden.path("tiny-sd")).openUnet();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray zero = scope.zeros(new Shape(WIDTH, WIDTH), DataType.FLOAT64);
      Edits edits = new Edits(Projections.of(zero, unet, scope).tensors(), 1);
      try (EditedProbe probe = new EditedProbe(unet, edits, WIDTH)) {
        NDArray none = probe.attack(1, scope);
        assertThat(none.norm().toDoubleArray()[0]).isZero();
        assertThatThrownBy(() -> probe.attack(0, scope))
            .isInstanceOf(RealeraException.class)
            .hasMessageContaining("singular to working precision");
      }
    }
  }

  /** It can be inverted, and no digit of what comes out is right. */
  @Test
  void aNearlySingularMatrixIsRefused() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray x = scope.ones(new Shape(2, 2), DataType.FLOAT64);
      NDArray good = scope.create(new double[] {0, 1e12});
      assertThat(ResidueProbe.solved(List.of(x, good), 0.1)).isSameAs(x);
      for (double condition : new double[] {1e14, Double.NaN}) {
        NDArray bad = scope.create(new double[] {0, condition});
        assertThatThrownBy(() -> ResidueProbe.solved(List.of(x, bad), 0.1))
            .isInstanceOf(RealeraException.class)
            .hasMessageContaining("singular to working precision with regular_scale = 0.1");
      }
    }
  }
}
