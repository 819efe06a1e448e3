package org.realera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.realera.RealeraException;

class EngineTest {
  @Test
  void aCpuComputesInFp32UnlessToldOtherwise() {
    assertThat(Engine.compute("cpu", "auto").precision()).isEqualTo(Precision.FP32);
    assertThat(Engine.compute("CPU", "bf16").precision()).isEqualTo(Precision.BF16);
  }

  @Test
  void anUnknownDeviceOrTypeIsAUsageError() {
    assertThatThrownBy(() -> Engine.compute("tpu", "auto"))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("'tpu'");
    assertThatThrownBy(() -> Engine.compute("cpu", "int8"))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("'int8'");
  }

  @Test
  void aGpuThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Engine.compute("cuda:99", "auto"))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("cuda:99");
  }
}
