package org.realera.checkpoint.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.files.Json;

/**
 * The small files of the published models, for single files that bring none: those of Stable
 * Diffusion 1, and what is different in Stable Diffusion 2.
 */
public final class StandardFiles {
  private static final String FIRST = "/org/realera/sd1/";
  private static final String CHANGES = "/org/realera/sd2/changes.json";
  private static final List<String> NAMES =
      List.of(
          "model_index.json",
          "unet/config.json",
          "vae/config.json",
          "text_encoder/config.json",
          "scheduler/scheduler_config.json",
          "tokenizer/tokenizer_config.json",
          "tokenizer/special_tokens_map.json");

  private StandardFiles() {}

  /**
   * All but the tokenizer's vocabulary, path to content.
   *
   * @param second of Stable Diffusion 2; its model that predicts v is the one for 768 pixels
   */
  public static SortedMap<String, byte[]> of(boolean second, Prediction prediction) {
    List<String> changes = new ArrayList<>();
    if (second) {
      changes.add("sd2");
    }
    if (prediction == Prediction.V) {
      changes.add("v");
      if (second) {
        changes.add("sd2-v");
      }
    }
    SortedMap<String, byte[]> files = new TreeMap<>();
    try {
      JsonNode all = changes.isEmpty() ? Json.object() : Json.READER.readTree(bytes(CHANGES));
      for (String name : NAMES) {
        files.put(name, changed(bytes(FIRST + name), name, all, changes));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static byte[] changed(byte[] file, String name, JsonNode all, List<String> changes)
      throws IOException {
    List<JsonNode> mine =
        changes.stream()
            .map(change -> all.path(change).path(name))
            .filter(change -> !change.isMissingNode())
            .toList();
    if (mine.isEmpty()) {
      return file;
    }
    JsonNode tree = Json.READER.readTree(file);
    mine.forEach(change -> merge((ObjectNode) tree, change));
    String text = Json.PRETTY.writeValueAsString(tree) + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Objects are merged, all else is replaced. */
  private static void merge(ObjectNode tree, JsonNode change) {
    change
        .properties()
        .forEach(
            entry -> {
              if (tree.get(entry.getKey()) instanceof ObjectNode below
                  && entry.getValue().isObject()) {
                merge(below, entry.getValue());
              } else {
                tree.set(entry.getKey(), entry.getValue());
              }
            });
  }

  private static byte[] bytes(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(StandardFiles.class.getResourceAsStream(resource), resource)) {
      return in.readAllBytes();
    }
  }
}
