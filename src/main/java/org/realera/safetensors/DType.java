package org.realera.safetensors;

import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of a safetensors file, with their names there and in libtorch. Those without a
 * number there may lie in a file beside what is read.
 */
public enum DType {
  BOOL("BOOL", 1, 11),
  U8("U8", 1, 0),
  I32("I32", 4, 3),
  I64("I64", 8, 4),
  F16("F16", 2, 5),
  BF16("BF16", 2, 15),
  F32("F32", 4, 6),
  F64("F64", 8, 7),
  I8("I8", 1, DType.NONE),
  I16("I16", 2, DType.NONE),
  U16("U16", 2, DType.NONE),
  U32("U32", 4, DType.NONE),
  U64("U64", 8, DType.NONE),
  F8_E4M3("F8_E4M3", 1, DType.NONE),
  F8_E5M2("F8_E5M2", 1, DType.NONE),
  /** Any that is not known here, as so many bytes. */
  OTHER("of an unknown type", 1, DType.NONE);

  /** What to do about a tensor whose type can't be computed with. */
  public static final String REMEDY = "Convert the file to F32, F16 or BF16.";

  private static final int NONE = -1;

  private final String label;
  private final int bytes;
  private final int scalarType;

  DType(String label, int bytes, int scalarType) {
    this.label = label;
    this.bytes = bytes;
    this.scalarType = scalarType;
  }

  /** The name that safetensors headers use. */
  public String label() {
    return label;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /** The number of {@code c10::ScalarType}: what TorchScript takes as a dtype argument. */
  public int scalarType() {
    return scalarType;
  }

  /** Whether tensors of this type can be computed with. */
  public boolean isReadable() {
    return scalarType != NONE;
  }

  /** Whether it is one of the floating types that can be computed with. */
  public boolean isFloating() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }

  /** The type that a safetensors header calls {@code label}, or empty if we do not know it. */
  public static Optional<DType> ofLabel(String label) {
    return Arrays.stream(values()).filter(d -> d != OTHER && d.label.equals(label)).findFirst();
  }
}
