package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource.Stored;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;

/** What one model's network has otherwise than another's, by what the tensors hold. */
final class EditedTensors {
  /** Elements that are compared at once. */
  private static final int PIECE = 1 << 18;

  private EditedTensors() {}

  /**
   * The tensors that differ.
   *
   * @param original borrowed
   * @param edited borrowed: must stay open as long as the edits are used
   * @param scope owns the edits and says on which device they are
   * @return as in {@code edited}, fp32
   * @throws RealeraException (usage) if they have not the same tensors
   */
  static Edits of(Weights original, Weights edited, NDManager scope) {
    if (!alike(original, edited)) {
      throw RealeraException.usage(
          edited.source() + " is not made from " + original.source() + ": its layers differ",
          "Give as --baseline the model that the concept was erased from.");
    }
    Map<String, NDArray> tensors = new TreeMap<>();
    for (TensorInfo info : original.tensors().values()) {
      Stored after = edited.stored(info.name());
      if (info.dtype().isFloating() && !same(original.stored(info.name()), after)) {
        try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
          NDArray there = fp32(after, inner).toDevice(scope.getDevice(), false);
          there.attach(scope);
          tensors.put(info.name(), there);
        }
      }
    }
    return new Edits(tensors, 1);
  }

  /** Whether two networks hold the same numbers. */
  static boolean isNone(Weights one, Weights other) {
    return alike(one, other)
        && one.tensors().keySet().stream()
            .allMatch(name -> same(one.stored(name), other.stored(name)));
  }

  private static boolean alike(Weights one, Weights other) {
    return one.tensors().keySet().equals(other.tensors().keySet())
        && one.tensors().values().stream()
            .allMatch(
                info -> {
                  TensorInfo same = other.tensors().get(info.name());
                  return same != null && same.shape().equals(info.shape());
                });
  }

  /** Whether two tensors hold the same; read in pieces where they are of one type, not mapped. */
  private static boolean same(Stored one, Stored other) {
    if (one.info().dtype() != other.info().dtype()) {
      try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        return fp32(one, scope).contentEquals(fp32(other, scope));
      }
    }
    long elements = one.info().elements();
    for (long from = 0; from < elements; from += PIECE) {
      int count = (int) Math.min(PIECE, elements - from);
      if (!one.readElements(from, count).equals(other.readElements(from, count))) {
        return false;
      }
    }
    return true;
  }

  private static NDArray fp32(Stored tensor, NDManager scope) {
    NDArray read = tensor.read(scope).toType(DataType.FLOAT32, false);
    read.attach(scope);
    return read;
  }
}
