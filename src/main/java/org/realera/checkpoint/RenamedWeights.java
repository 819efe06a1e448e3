package org.realera.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.realera.tensor.TensorInfo;
import org.realera.tensor.Weights;

/** Weights under the names that diffusers gives them today, whatever the file calls them. */
final class RenamedWeights implements Weights {
  /** What diffusers called the VAE's attention before 0.17, as the published SD v1 files do. */
  private static final Pattern OLD_VAE_ATTENTION =
      Pattern.compile("(.*\\.attentions\\.\\d+\\.)(query|key|value|proj_attn)\\.(weight|bias)");

  private static final Map<String, String> VAE_ATTENTION =
      Map.of("query", "to_q", "key", "to_k", "value", "to_v", "proj_attn", "to_out.0");

  private final Weights weights;
  private final Map<String, String> storedName = new HashMap<>();
  private final SortedMap<String, TensorInfo> tensors;

  private RenamedWeights(Weights weights) {
    this.weights = weights;
    SortedMap<String, TensorInfo> renamed = new TreeMap<>();
    weights
        .tensors()
        .forEach(
            (stored, info) -> {
              String name = today(stored);
              storedName.put(name, stored);
              renamed.put(name, new TensorInfo(name, info.dtype(), info.shape()));
            });
    this.tensors = Collections.unmodifiableSortedMap(renamed);
  }

  /** A VAE's weights; as they are if their names are today's. */
  static Weights vae(Weights weights) {
    boolean old = weights.tensors().keySet().stream().anyMatch(name -> !today(name).equals(name));
    return old ? new RenamedWeights(weights) : weights;
  }

  private static String today(String name) {
    Matcher old = OLD_VAE_ATTENTION.matcher(name);
    return old.matches()
        ? old.group(1) + VAE_ATTENTION.get(old.group(2)) + "." + old.group(3)
        : name;
  }

  @Override
  public SortedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public NDArray read(String name, NDManager scope) {
    return weights.read(storedName.getOrDefault(name, name), scope);
  }

  @Override
  public String source() {
    return weights.source();
  }

  @Override
  public void close() {
    weights.close();
  }
}
