package org.realera.safetensors;

import java.nio.ByteBuffer;

/**
 * The two half-width types: rounding float32 to them, to nearest, ties to even, as libtorch does,
 * and reading elements of any floating type.
 */
public final class HalfFloats {
  private HalfFloats() {}

  /** The bits of {@code value} as IEEE binary16; infinity where it is too large. */
  static short toF16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    int half;
    if (magnitude > 0x7f800000) {
      half = 0x7e00;
    } else if (magnitude >= 0x477ff000) { // 65520 and more
      half = 0x7c00;
    } else if (magnitude >= 0x38800000) { // 2^-14 and more: normal
      int rebased = magnitude - (112 << 23);
      half = (rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13;
    } else if (magnitude > 0x33000000) { // more than 2^-25: subnormal, in units of 2^-24
      int shift = 126 - (magnitude >>> 23);
      int mantissa = (magnitude & 0x7fffff) | 0x800000;
      int quotient = mantissa >>> shift;
      int rest = mantissa & ((1 << shift) - 1);
      int tie = 1 << (shift - 1);
      half = quotient + (rest > tie || (rest == tie && (quotient & 1) == 1) ? 1 : 0);
    } else {
      half = 0;
    }
    return (short) (sign | half);
  }

  /** The bits of {@code value} as bfloat16; infinity where it is too large. */
  static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) 0x7fc0;
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /** The value of an IEEE binary16. */
  static float fromF16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1f;
    int mantissa = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | (mantissa << 13));
    }
    if (exponent == 0) { // zero or subnormal, in units of 2^-24
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(mantissa * 0x1p-24f));
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (mantissa << 13));
  }

  /**
   * One element of a tensor's bytes.
   *
   * @param dtype a floating type
   * @param bytes little endian
   * @param index counted in elements from the buffer's start
   */
  public static double element(DType dtype, ByteBuffer bytes, int index) {
    return switch (dtype) {
      case F64 -> bytes.getDouble(index * Double.BYTES);
      case F32 -> bytes.getFloat(index * Float.BYTES);
      case F16 -> fromF16(bytes.getShort(index * Short.BYTES));
      case BF16 -> Float.intBitsToFloat(bytes.getShort(index * Short.BYTES) << 16);
      default -> throw new IllegalArgumentException("no floating type: " + dtype);
    };
  }

  static boolean isFiniteF16(short bits) {
    return (bits & 0x7c00) != 0x7c00;
  }

  static boolean isFiniteBf16(short bits) {
    return (bits & 0x7f80) != 0x7f80;
  }
}
