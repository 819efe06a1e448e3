package org.realera.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a choice comes to on a device, on machines without a GPU, too. */
class ComputeChoiceTest {
  @Test
  void withoutATypeAGpuComputesInFp16AndACpuInFp32() {
    ComputeChoice any = ComputeChoice.of("auto", "auto");
    assertThat(any.on(Device.gpu())).isEqualTo(new Compute(Device.gpu(), Precision.FP16, false));
    assertThat(any.on(Device.gpu(3))).hasToString("cuda:3, fp16");
    assertThat(any.on(Device.cpu())).isEqualTo(new Compute(Device.cpu(), Precision.FP32, false));
  }

  @ParameterizedTest
  @EnumSource
  void aTypeThatIsAskedForIsThatOfBoth(Precision precision) {
    ComputeChoice choice = new ComputeChoice("auto", Optional.of(precision), true);
    assertThat(choice.on(Device.gpu())).isEqualTo(new Compute(Device.gpu(), precision, true));
    assertThat(choice.on(Device.cpu())).isEqualTo(new Compute(Device.cpu(), precision, true));
  }

  @Test
  void scorersComputeInFp32OnAGpuToo() {
    assertThat(ComputeChoice.fp32("cuda").on(Device.gpu()).precision()).isEqualTo(Precision.FP32);
    Compute half = new Compute(Device.gpu(2), Precision.FP16, true);
    assertThat(half.inFp32()).isEqualTo(new Compute(Device.gpu(2), Precision.FP32, false));
  }

  @Test
  void manifestsTellTheKindOfDeviceAndPeopleWhichOneItIs() {
    Compute gpu = new Compute(Device.gpu(2), Precision.BF16);
    assertThat(gpu.deviceKind()).isEqualTo("cuda");
    assertThat(gpu.deviceName()).isEqualTo("cuda:2");
    Compute cpu = new Compute(Device.cpu(), Precision.FP32);
    assertThat(cpu.deviceKind()).isEqualTo("cpu");
    assertThat(cpu.deviceName()).isEqualTo("cpu");
  }
}
