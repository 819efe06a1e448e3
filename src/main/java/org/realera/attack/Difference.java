package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;

/** What one model's network has otherwise than another's, by what the tensors hold. */
final class Difference {
  private Difference() {}

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
      if (info.dtype().isFloating()) {
        try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
          NDArray after = fp32(edited, info.name(), inner);
          if (!fp32(original, info.name(), inner).contentEquals(after)) {
            NDArray there = after.toDevice(scope.getDevice(), false);
            there.attach(scope);
            tensors.put(info.name(), there);
          }
        }
      }
    }
    return new Edits(tensors, 1);
  }

  /** Whether two networks hold the same numbers. */
  static boolean isNone(Weights one, Weights other) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      return alike(one, other)
          && one.tensors().keySet().stream()
              .allMatch(
                  name -> {
                    try (NDManager inner = scope.newSubManager()) {
                      return fp32(one, name, inner).contentEquals(fp32(other, name, inner));
                    }
                  });
    }
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

  private static NDArray fp32(Weights weights, String name, NDManager scope) {
    NDArray tensor = weights.read(name, scope).toType(DataType.FLOAT32, false);
    tensor.attach(scope);
    return tensor;
  }
}
