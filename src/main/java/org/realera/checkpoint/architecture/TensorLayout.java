package org.realera.checkpoint.architecture;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects which tensors a network has, by name and shape; the layers that all networks share. */
final class TensorLayout {
  private final SortedMap<String, List<Long>> shapes = new TreeMap<>();

  SortedMap<String, List<Long>> shapes() {
    return Collections.unmodifiableSortedMap(shapes);
  }

  void tensor(String name, int... shape) {
    shapes.put(name, Arrays.stream(shape).mapToLong(i -> i).boxed().toList());
  }

  /** A linear layer, weight [out, in]. */
  void linear(String name, int in, int out, boolean bias) {
    tensor(name + ".weight", out, in);
    if (bias) {
      tensor(name + ".bias", out);
    }
  }

  /** A square convolution, weight [out, in, kernel, kernel]. */
  void conv(String name, int in, int out, int kernel) {
    tensor(name + ".weight", out, in, kernel, kernel);
    tensor(name + ".bias", out);
  }

  void norm(String name, int width) {
    tensor(name + ".weight", width);
    tensor(name + ".bias", width);
  }

  /** transformers' {@code CLIPTextModel}. */
  void clipText(ClipTextConfig config) {
    int width = config.hiddenSize();
    String embeddings = "text_model.embeddings.";
    tensor(embeddings + "token_embedding.weight", config.vocabSize(), width);
    tensor(embeddings + "position_embedding.weight", config.maxPositions(), width);
    clipEncoder("text_model", config.layers(), width, config.intermediateSize());
    norm("text_model.final_layer_norm", width);
  }

  /**
   * The transformer of a tower.
   *
   * @param inner width inside the MLPs
   */
  void clipEncoder(String tower, int layers, int width, int inner) {
    for (int i = 0; i < layers; i++) {
      String layer = tower + ".encoder.layers." + i;
      norm(layer + ".layer_norm1", width);
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        linear(layer + ".self_attn." + part, width, width, true);
      }
      norm(layer + ".layer_norm2", width);
      linear(layer + ".mlp.fc1", width, inner, true);
      linear(layer + ".mlp.fc2", inner, width, true);
    }
  }

  /**
   * diffusers' {@code ResnetBlock2D}.
   *
   * @param timeWidth width of the timestep embedding, 0 for none (VAE)
   */
  void resnet(String name, int in, int out, int timeWidth) {
    norm(name + ".norm1", in);
    conv(name + ".conv1", in, out, 3);
    if (timeWidth > 0) {
      linear(name + ".time_emb_proj", timeWidth, out, true);
    }
    norm(name + ".norm2", out);
    conv(name + ".conv2", out, out, 3);
    if (in != out) {
      conv(name + ".conv_shortcut", in, out, 1);
    }
  }
}
