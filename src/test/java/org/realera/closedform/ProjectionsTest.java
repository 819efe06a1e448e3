package org.realera.closedform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.realera.safetensors.DType;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/** W = W_org T for every cross-attention projection, and how far each moved. */
class ProjectionsTest extends RandomRows {
  private static final String TO_K = "up.attn2.to_k";
  private static final String TO_V = "up.attn2.to_v";

  /** Two projections, of which to_v is zero, and a layer that is none. */
  private final class UNet implements Weights {
    @Override
    public SortedMap<String, TensorInfo> tensors() {
      SortedMap<String, TensorInfo> tensors = new TreeMap<>();
      for (String name : List.of(TO_K, TO_V, "up.attn1.to_k")) {
        String full = name + ".weight";
        tensors.put(full, new TensorInfo(full, DType.F16, List.of(16L, (long) D)));
      }
      return tensors;
    }

    @Override
    public NDArray read(String name, NDManager into) {
      NDArray values = name.startsWith(TO_V) ? into.zeros(new Shape(16, D)) : weight.duplicate();
      values.attach(into);
      return values;
    }

    @Override
    public TensorSource.Stored stored(String name) {
      throw new AssertionError("nothing is copied");
    }

    @Override
    public String source() {
      return "made up";
    }

    @Override
    public void close() {}
  }

  private Projections of(NDArray t) {
    try (Weights unet = new UNet()) {
      return Projections.of(t, unet, scope);
    }
  }

  @Test
  void everyProjectionIsMultipliedAndMeasured() {
    NDArray t = scope.eye(D).toType(DataType.FLOAT64, false).mul(1.5);
    Projections w = of(t);
    assertThat(w.tensors()).containsOnlyKeys(TO_K + ".weight", TO_V + ".weight");
    assertThat(w.tensors().get(TO_K + ".weight")).isEqualTo(weight.mul(1.5f));
    assertThat(w.change()).containsOnlyKeys(TO_K, TO_V);
    assertThat(w.change().get(TO_K)).isEqualTo(0.5, within(1e-6));
    assertThat(w.change().get(TO_V)).as("of a matrix that is zero").isZero();
    assertThat(w.meanChange()).isEqualTo(0.25, within(1e-6));
  }

  @Test
  void theIdentityChangesNothing() {
    Projections w = of(scope.eye(D).toType(DataType.FLOAT64, false));
    assertThat(w.tensors().get(TO_K + ".weight")).isEqualTo(weight);
    assertThat(w.change().values()).containsOnly(0.0);
    assertThat(w.meanChange()).isZero();
  }
}
