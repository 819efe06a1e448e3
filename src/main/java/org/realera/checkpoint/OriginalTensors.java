package org.realera.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.realera.RealeraException;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/** A component's tensors as the original layout has them, byte for byte. */
final class OriginalTensors {
  private OriginalTensors() {}

  /**
   * All tensors that have a place there.
   *
   * @param keys by diffusers' name
   * @param dtype of all floating tensors; if absent each keeps its own
   * @throws RealeraException usage if tensors of several types would have to be one
   */
  static List<TensorSource> of(
      Weights weights, SortedMap<String, LdmKeys.Key> keys, Optional<DType> dtype) {
    List<TensorSource> tensors = new ArrayList<>();
    SortedMap<String, SortedMap<Long, TensorSource>> joined = new TreeMap<>();
    for (String name : weights.tensors().keySet()) {
      TensorSource.Stored stored = weights.stored(name);
      LdmKeys.Key key = keys.get(name);
      if (key == null) {
        // What LayoutCheck lets pass is a buffer of the text encoder, of which OpenCLIP has none.
        if (!isOpenClip(keys)) {
          tensors.add(in(dtype, stored.as(LdmKeys.TEXT + name, stored.info().shape())));
        }
      } else if (key.isPart()) {
        joined
            .computeIfAbsent(key.name(), n -> new TreeMap<>())
            .put(key.first(), in(dtype, stored));
      } else {
        tensors.add(in(dtype, stored.as(key.name(), key.original())));
      }
    }
    for (LdmKeys.Key key : keys.values()) {
      if (key.isPart() && key.first() == 0) {
        Collection<TensorSource> parts =
            Objects.requireNonNull(joined.get(key.name()), key.name()).values();
        requireOneType(weights.source(), key.name(), parts);
        tensors.add(TensorSource.joined(key.name(), key.original(), List.copyOf(parts)));
      }
    }
    return tensors;
  }

  /** What a file's text encoder has beside what is used, and would be lost by a copy. */
  static List<TensorSource> unused(
      SafetensorsFile file, List<TensorSource> used, Optional<DType> dtype) {
    Set<String> names = used.stream().map(t -> t.info().name()).collect(Collectors.toSet());
    return file.tensors().keySet().stream()
        .filter(name -> name.startsWith(OpenClipKeys.TEXT) && !names.contains(name))
        .filter(name -> file.stored(name).info().dtype() != DType.OTHER)
        .map(name -> in(dtype, file.stored(name)))
        .toList();
  }

  /**
   * What a file has beside its model and a copy lacks, by the first part of the names: {@code
   * model_ema.* (686 tensors)}. Names without a dot are the noise schedule's, which every file of
   * the kind has and no program reads.
   *
   * @param used names in that file
   */
  static List<String> leftOut(SafetensorsFile file, Set<String> used) {
    SortedMap<String, List<String>> groups = new TreeMap<>();
    for (String name : file.tensors().keySet()) {
      int dot = name.indexOf('.');
      if (dot > 0 && !used.contains(name)) {
        groups.computeIfAbsent(name.substring(0, dot), key -> new ArrayList<>()).add(name);
      }
    }
    return groups.entrySet().stream()
        .map(
            group ->
                group.getValue().size() == 1
                    ? group.getValue().get(0)
                    : group.getKey() + ".* (" + group.getValue().size() + " tensors)")
        .toList();
  }

  private static boolean isOpenClip(SortedMap<String, LdmKeys.Key> keys) {
    return keys.values().stream().anyMatch(key -> key.name().startsWith(OpenClipKeys.TEXT));
  }

  private static TensorSource in(Optional<DType> dtype, TensorSource.Stored tensor) {
    return dtype.isPresent() ? tensor.as(dtype.get()) : tensor;
  }

  private static void requireOneType(String source, String name, Collection<TensorSource> parts) {
    Set<DType> types = parts.stream().map(part -> part.info().dtype()).collect(Collectors.toSet());
    if (types.size() > 1) {
      throw RealeraException.usage(
          "%s: %s would have to be of the types %s at once".formatted(source, name, types),
          "Choose one for all: --dtype fp32, fp16 or bf16.");
    }
  }
}
