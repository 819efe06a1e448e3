package org.realera.convert;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.architecture.LayoutCheck;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;

/**
 * Which tensors of two models differ. Names are {@code unet.} and what diffusers calls the tensor.
 *
 * @param changed tensors of one shape with other values, by name
 * @param reshaped tensors whose shapes differ
 * @param added tensors that only the model has
 * @param missing tensors that only the base has
 * @param same how many have the same values
 * @param otherType how many of those are stored in another type
 */
public record ModelDiff(
    SortedMap<String, TensorDifference> changed,
    List<String> reshaped,
    List<String> added,
    List<String> missing,
    int same,
    int otherType) {

  /**
   * Compares a model with a base; reads all weights of both.
   *
   * @throws org.realera.RealeraException if either can't be read
   */
  public static ModelDiff of(Checkpoint model, Checkpoint base) {
    SortedMap<String, TensorDifference> changed = new TreeMap<>();
    TreeSet<String> reshaped = new TreeSet<>();
    TreeSet<String> added = new TreeSet<>();
    TreeSet<String> missing = new TreeSet<>();
    int same = 0;
    int otherType = 0;
    for (String component : Checkpoint.COMPONENTS) {
      try (Weights a = model.openComponent(component);
          Weights b = base.openComponent(component)) {
        String prefix = component + ".";
        Part part = Part.of(a, b);
        part.changed().forEach((name, difference) -> changed.put(prefix + name, difference));
        part.reshaped().forEach(name -> reshaped.add(prefix + name));
        lacking(b, a).forEach(name -> added.add(prefix + name));
        lacking(a, b).forEach(name -> missing.add(prefix + name));
        same += part.same().size();
        otherType += part.otherType();
      }
    }
    return new ModelDiff(
        Collections.unmodifiableSortedMap(changed),
        List.copyOf(reshaped),
        List.copyOf(added),
        List.copyOf(missing),
        same,
        otherType);
  }

  /** What one lacks of another; not of what newer programs no longer save. */
  private static Stream<String> lacking(Weights one, Weights other) {
    return other.tensors().keySet().stream()
        .filter(name -> !one.tensors().containsKey(name) && !LayoutCheck.isHarmless(name));
  }

  /** Whether the two have the same tensors with the same values. */
  public boolean isNone() {
    return changed.isEmpty() && reshaped.isEmpty() && added.isEmpty() && missing.isEmpty();
  }

  /** One component's tensors, those that both have. */
  private record Part(
      SortedMap<String, TensorDifference> changed,
      ConcurrentSkipListSet<String> reshaped,
      ConcurrentSkipListSet<String> same,
      int otherType) {

    static Part of(Weights a, Weights b) {
      ConcurrentSkipListMap<String, TensorDifference> changed = new ConcurrentSkipListMap<>();
      ConcurrentSkipListSet<String> reshaped = new ConcurrentSkipListSet<>();
      ConcurrentSkipListSet<String> same = new ConcurrentSkipListSet<>();
      ConcurrentSkipListSet<String> otherType = new ConcurrentSkipListSet<>();
      Stream<String> names =
          a.tensors().keySet().stream().filter(name -> b.tensors().containsKey(name));
      names
          .parallel()
          .forEach(
              name -> {
                TensorInfo left = a.stored(name).info();
                TensorInfo right = b.stored(name).info();
                if (!left.shape().equals(right.shape())) {
                  reshaped.add(name);
                  return;
                }
                TensorDifference difference = TensorDifference.of(a.stored(name), b.stored(name));
                if (!difference.isNone()) {
                  changed.put(name, difference);
                } else {
                  same.add(name);
                  if (left.dtype() != right.dtype()) {
                    otherType.add(name);
                  }
                }
              });
      return new Part(changed, reshaped, same, otherType.size());
    }
  }
}
