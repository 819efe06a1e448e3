package org.realera.tensor;

/** Rounds float32 to the two half-width types, to nearest, ties to even, as libtorch does. */
final class HalfFloats {
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

  static boolean isFiniteF16(short bits) {
    return (bits & 0x7c00) != 0x7c00;
  }

  static boolean isFiniteBf16(short bits) {
    return (bits & 0x7f80) != 0x7f80;
  }
}
