package org.realera.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What tokenizer_config.json and special_tokens_map.json say of special tokens, read as
 * transformers reads them.
 *
 * @param padding the token that fills a prompt
 * @param others further special tokens, in no order
 */
record SpecialTokens(String padding, List<String> others) {
  /** CLIP's own. */
  static final SpecialTokens DEFAULT = new SpecialTokens(ClipVocabulary.EOS, List.of());

  /**
   * Reads a tokenizer folder. Since a tokenizer_config.json may list all added tokens, one that
   * does is alone believed; before, the map had the last word: the published Stable Diffusion 2.1
   * pads with {@code !} by its map, with the end token by its configuration.
   */
  static SpecialTokens read(Path folder) {
    JsonNode config = json(folder.resolve("tokenizer_config.json"));
    JsonNode map = json(folder.resolve("special_tokens_map.json"));
    JsonNode added = config.path("added_tokens_decoder");
    Stream<JsonNode> sources = added.isObject() ? Stream.of(config) : Stream.of(map, config);
    String padding =
        sources
            .map(source -> text(source.path("pad_token")))
            .filter(token -> !token.isEmpty())
            .findFirst()
            .orElse(ClipVocabulary.EOS);
    List<String> others = new ArrayList<>();
    for (JsonNode token : added) {
      if (token.path("special").asBoolean() && !text(token).isEmpty()) {
        others.add(text(token));
      }
    }
    return new SpecialTokens(padding, List.copyOf(others));
  }

  private static String text(JsonNode token) {
    JsonNode content = token.isObject() ? token.path("content") : token;
    return content.isTextual() ? content.textValue() : "";
  }

  private static JsonNode json(Path file) {
    return Files.isRegularFile(file) ? ClipVocabulary.json(file) : MissingNode.getInstance();
  }
}
