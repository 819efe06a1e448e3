package org.realera.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class HalfFloatsTest {
  @Test
  void everyHalfFloatComesBackFromItsFloat() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = HalfFloats.fromF16((short) bits);
      if (Float.isNaN(value)) {
        assertThat(bits & 0x7c00).isEqualTo(0x7c00);
      } else {
        assertThat(HalfFloats.toF16(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void elementsOfEveryFloatingTypeAreRead() {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(HalfFloats.element(DType.F64, bytes.putDouble(8, Math.PI), 1)).isEqualTo(Math.PI);
    assertThat(HalfFloats.element(DType.F32, bytes.putFloat(8, 0.1f), 2)).isEqualTo(0.1f);
    bytes.putShort(2, HalfFloats.toF16(-2.5f));
    assertThat(HalfFloats.element(DType.F16, bytes, 1)).isEqualTo(-2.5);
    bytes.putShort(2, HalfFloats.toBf16(-3));
    assertThat(HalfFloats.element(DType.BF16, bytes, 1)).isEqualTo(-3);
  }
}
