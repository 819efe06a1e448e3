package org.realera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.safetensors.DType;

class TorchScriptTest {
  private static final int FP32 = DType.F32.scalarType();

  @Test
  void aSharedScriptIsLoadedOnceForAllThreads() {
    List<TorchScript> found =
        IntStream.range(0, 8)
            .parallel()
            .mapToObj(i -> TorchScript.shared("noise"))
            .distinct()
            .toList();
    assertThat(found).containsExactly(TorchScript.shared("noise"));
    assertThat(TorchScript.shared("scheduler")).isNotSameAs(found.get(0));
  }

  @Test
  void anErrorIsOneLineThatNamesSourceAndMethod() {
    try (TorchScript script = TorchScript.load("noise");
        NDManager scope = NDManager.newBaseManager();
        TorchScript.Held generator = script.held("generator", 0)) {
      assertThatThrownBy(() -> script.tensor(scope, "normal", generator, new long[] {-1}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("noise.py, normal: ")
          .hasMessageContaining("negative dimension -1")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void runningOutOfMemoryIsTheUsersToMend() {
    try (TorchScript script = TorchScript.load("noise");
        NDManager scope = NDManager.newBaseManager();
        TorchScript.Held generator = script.held("generator", 0)) {
      assertThatThrownBy(
              () ->
                  script.tensor(scope, "uniform", generator, 0.0, 1.0, new long[] {1L << 50}, FP32))
          .isInstanceOfSatisfying(
              RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RESOURCES));
    }
  }

  @Test
  void anUnknownArgumentTypeIsRefused() {
    try (TorchScript script = TorchScript.load("noise")) {
      assertThatThrownBy(() -> script.run("normal", new Object()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void halfALoraPairIsRefused() {
    try (NDManager scope = NDManager.newBaseManager()) {
      NDArray one = scope.create(1f);
      assertThatThrownBy(() -> new Edits(Map.of("a.to_k.lora_A", one), 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a.to_k.lora_A");
      assertThat(new Edits(Map.of("a.to_k.weight", one), 1).tensors()).hasSize(1);
    }
  }
}
