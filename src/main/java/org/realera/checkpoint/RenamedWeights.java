package org.realera.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.realera.RealeraException;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/** Weights under the names that diffusers gives them today, whatever the file calls them. */
final class RenamedWeights implements Weights {
  /** What diffusers called the VAE's attention before 0.17, as the published SD v1 files do. */
  private static final Pattern OLD_VAE_ATTENTION =
      Pattern.compile("(.*\\.attentions\\.\\d+\\.)(query|key|value|proj_attn)\\.(weight|bias)");

  private static final Map<String, String> VAE_ATTENTION =
      Map.of("query", "to_q", "key", "to_k", "value", "to_v", "proj_attn", "to_out.0");

  /** What transformers puts before each name of a text encoder, and 5.6 and later do not. */
  private static final String TEXT_MODEL = "text_model.";

  private static final String FLAT_TEXT = "embeddings.token_embedding.weight";

  private final Weights weights;
  private final SortedMap<String, TensorSource.Stored> stored;
  private final SortedMap<String, TensorInfo> tensors;

  /**
   * Some tensors of {@code weights} under other names.
   *
   * @param weights closed with this
   * @param stored by the name that each has here
   */
  RenamedWeights(Weights weights, SortedMap<String, TensorSource.Stored> stored) {
    this.weights = weights;
    this.stored = Collections.unmodifiableSortedMap(stored);
    SortedMap<String, TensorInfo> infos = new TreeMap<>();
    stored.forEach((name, tensor) -> infos.put(name, tensor.info()));
    this.tensors = Collections.unmodifiableSortedMap(infos);
  }

  /** A VAE's weights; as they are if their names are today's. */
  static Weights vae(Weights weights) {
    return renamed(weights, RenamedWeights::ofVae);
  }

  /** A text encoder's weights; as they are if their names are those of transformers before 5.6. */
  static Weights text(Weights weights) {
    boolean flat = weights.tensors().containsKey(FLAT_TEXT);
    return flat ? renamed(weights, name -> TEXT_MODEL + name) : weights;
  }

  private static Weights renamed(Weights weights, UnaryOperator<String> name) {
    if (weights.tensors().keySet().stream().allMatch(old -> name.apply(old).equals(old))) {
      return weights;
    }
    SortedMap<String, TensorSource.Stored> renamed = new TreeMap<>();
    weights
        .tensors()
        .forEach(
            (old, info) ->
                renamed.put(
                    name.apply(old), weights.stored(old).as(name.apply(old), info.shape())));
    return new RenamedWeights(weights, renamed);
  }

  private static String ofVae(String name) {
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
    return stored(name).read(scope);
  }

  @Override
  public TensorSource.Stored stored(String name) {
    TensorSource.Stored tensor = stored.get(name);
    if (tensor == null) {
      throw RealeraException.damaged(
          source() + ": it has no tensor " + name,
          "The file is not a whole model of this kind; fetch or convert it again.");
    }
    return tensor;
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
