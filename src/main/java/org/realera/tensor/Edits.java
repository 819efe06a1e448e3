package org.realera.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What makes an edited network differ from the original; everything else they share.
 *
 * <p>For any layer {@code m}, {@code m.weight} and {@code m.bias} replace what the network has
 * under that name. For a linear layer {@code m.lora_A} [r, in] with {@code m.lora_B} [out, r] add a
 * low-rank term, {@code y = W x + loraScale * B A x}; for a convolution they are convolutions, [r,
 * in, kh, kw] and [out, r, 1, 1]. All in fp32, whatever the network computes in, and borrowed: who
 * made them closes them.
 *
 * @param tensors by name, fp32; best on the network's device, else they are copied at every call
 * @param loraScale alpha / r
 */
public record Edits(Map<String, NDArray> tensors, double loraScale) {
  public static final String WEIGHT = ".weight";
  public static final String BIAS = ".bias";
  public static final String LORA_A = ".lora_A";
  public static final String LORA_B = ".lora_B";

  /** The original network. */
  public static final Edits NONE = new Edits(Map.of(), 1);

  /** Throws {@link IllegalArgumentException} for a name that means nothing, or half a LoRA pair. */
  public Edits {
    NavigableMap<String, NDArray> sorted = new TreeMap<>(tensors);
    for (String name : sorted.keySet()) {
      boolean whole = name.endsWith(WEIGHT) || name.endsWith(BIAS);
      if (!whole && partner(name).filter(sorted::containsKey).isEmpty()) {
        throw new IllegalArgumentException("no edit can be called " + name + " on its own");
      }
    }
    tensors = Collections.unmodifiableNavigableMap(sorted);
  }

  private static Optional<String> partner(String name) {
    if (name.endsWith(LORA_A)) {
      return Optional.of(module(name) + LORA_B);
    } else if (name.endsWith(LORA_B)) {
      return Optional.of(module(name) + LORA_A);
    }
    return Optional.empty();
  }

  /** The layer that an edit belongs to: {@code a.to_k} of {@code a.to_k.lora_A}. */
  public static String module(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  /** These edits with others put over them; {@code over} decides the scale if it has LoRA. */
  public Edits with(Map<String, NDArray> over, double scale) {
    Map<String, NDArray> all = new TreeMap<>(tensors);
    all.putAll(over);
    return new Edits(all, scale);
  }

  /** The same on a device; tensors that are not there yet are copied into {@code scope}. */
  public Edits on(Device device, NDManager scope) {
    Map<String, NDArray> moved = new TreeMap<>();
    tensors.forEach(
        (name, tensor) -> {
          NDArray there = tensor.toDevice(device, false);
          if (there != tensor) {
            there.attach(scope);
          }
          moved.put(name, there);
        });
    return new Edits(moved, loraScale);
  }
}
