package org.realera.checkpoint.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.ClipTextConfig;

/**
 * What a tokenizer's folder has beside its vocabulary, read as transformers' slow tokenizer reads
 * it.
 *
 * @param padding the token that fills a prompt
 * @param added every token that stands for itself in a text: start, end, padding and others
 */
record SpecialTokens(String padding, List<AddedToken> added) {
  private static final String PAD = "pad_token";
  private static final String LENGTH = "model_max_length";
  private static final String OLD_LENGTH = "max_len";

  /** What is beyond this counts as no length at all. */
  private static final double NO_LENGTH = 1e20;

  private static final String MORE = "additional_special_tokens";

  /** Those with a name, in the order in which transformers adds what the vocabulary lacks. */
  private static final List<String> NAMED =
      List.of("bos_token", "eos_token", "unk_token", "sep_token", PAD, "cls_token", "mask_token");

  private static final Map<String, String> STANDARD =
      Map.of(
          "bos_token",
          ClipVocabulary.BOS,
          "eos_token",
          ClipVocabulary.EOS,
          "unk_token",
          ClipVocabulary.EOS,
          PAD,
          ClipVocabulary.EOS);

  SpecialTokens {
    added = List.copyOf(added);
  }

  /** CLIP's own. */
  static SpecialTokens standard(Map<String, Integer> vocabulary) {
    return new Reader("", vocabulary).special(Map.of(), List.of());
  }

  /**
   * Reads a tokenizer folder. Since a tokenizer_config.json may list all added tokens, one that
   * does is alone believed; before, special_tokens_map.json had the last word on special ones (the
   * published Stable Diffusion 2.1 pads with {@code !} by it, with the end token by its
   * configuration), and others stood in added_tokens.json or tokenizer.json.
   *
   * @param vocabulary token to id, without the added ones
   * @throws RealeraException (damaged) if an added token has two ids, or two tokens have one
   */
  static SpecialTokens read(Path folder, Map<String, Integer> vocabulary) {
    Reader reader = new Reader(folder.toString(), vocabulary);
    JsonNode config = json(folder.resolve("tokenizer_config.json"));
    requireLength(folder, config);
    Map<String, JsonNode> named = named(config);
    List<JsonNode> more = new ArrayList<>();
    config.path(MORE).forEach(more::add);
    if (config.path("added_tokens_decoder").isObject()) {
      config
          .path("added_tokens_decoder")
          .properties()
          .forEach(e -> reader.add(e.getValue(), reader.id(e.getKey(), text(e.getValue()))));
    } else {
      JsonNode map = json(folder.resolve("special_tokens_map.json"));
      named.putAll(named(map));
      map.path(MORE).forEach(more::add);
      json(folder.resolve("added_tokens.json"))
          .properties()
          .forEach(e -> reader.add(e.getKey(), e.getValue(), reader.id(e.getValue(), e.getKey())));
      for (JsonNode token : json(folder.resolve("tokenizer.json")).path("added_tokens")) {
        reader.add(token, reader.id(token.path("id"), text(token)));
      }
    }
    return reader.special(named, more);
  }

  /** Pipelines cut and pad prompts to this length; a huge one is transformers' word for none. */
  private static void requireLength(Path folder, JsonNode config) {
    String key = config.has(LENGTH) ? LENGTH : OLD_LENGTH;
    JsonNode length = config.path(key);
    boolean none = length.isMissingNode() || length.isNull() || length.asDouble() > NO_LENGTH;
    if (!none && (!length.isNumber() || length.doubleValue() != ClipTextConfig.LENGTH)) {
      throw RealeraException.damaged(
          "the tokenizer %s has the %s %s, which is not supported (expected %s)"
              .formatted(folder, key, length, ClipTextConfig.LENGTH),
          "Use a model that reads prompts of %s tokens, as Stable Diffusion 1.x and 2.x do."
              .formatted(ClipTextConfig.LENGTH));
    }
  }

  private static Map<String, JsonNode> named(JsonNode source) {
    Map<String, JsonNode> named = new LinkedHashMap<>();
    for (String name : NAMED) {
      if (!text(source.path(name)).isEmpty()) {
        named.put(name, source.path(name));
      }
    }
    return named;
  }

  private static String text(JsonNode token) {
    JsonNode content = token.isObject() ? token.path("content") : token;
    return content.isTextual() ? content.textValue() : "";
  }

  private static JsonNode json(Path file) {
    return Files.exists(file) ? ClipVocabulary.json(file) : MissingNode.getInstance();
  }

  /** Collects the tokens of one folder, by what they read. */
  private static final class Reader {
    private final String source;
    private final Map<String, Integer> vocabulary;
    private final Map<String, AddedToken> added = new LinkedHashMap<>();
    private final Map<Integer, String> taken = new LinkedHashMap<>();

    Reader(String source, Map<String, Integer> vocabulary) {
      this.source = source;
      this.vocabulary = vocabulary;
      vocabulary.forEach((token, id) -> taken.put(id, token));
    }

    int id(JsonNode id, String content) {
      return id(id.asText(), content);
    }

    /** An id as a key or value of JSON. */
    int id(String id, String content) {
      // As many digits as an int surely holds.
      if (!id.matches("\\d{1,9}")) {
        throw ClipVocabulary.damaged(source, "has no number as id of " + content, null);
      }
      return Integer.parseInt(id);
    }

    void add(JsonNode token, int id) {
      add(text(token), token, id);
    }

    void add(String content, JsonNode flags, int id) {
      if (content.isEmpty()) {
        return;
      }
      // A piece of a word may be added as a word of its own; then it stands first.
      AddedToken old = added.get(content);
      if (old != null && old.id() != id) {
        throw ClipVocabulary.damaged(
            source, "gives \"" + content + "\" two ids, " + old.id() + " and " + id, null);
      }
      ClipVocabulary.requireFree(source, taken, content, id);
      added.put(
          content,
          new AddedToken(
              content,
              id,
              flags.path("lstrip").asBoolean(),
              flags.path("rstrip").asBoolean(),
              flags.path("single_word").asBoolean()));
    }

    private @Nullable Integer known(String content) {
      AddedToken token = added.get(content);
      return token == null ? vocabulary.get(content) : Integer.valueOf(token.id());
    }

    /** Adds the special ones that no list has; those that nobody knows come at the end. */
    SpecialTokens special(Map<String, JsonNode> named, List<JsonNode> more) {
      requireStandard("bos_token", named);
      requireStandard("eos_token", named);
      for (String name : NAMED) {
        JsonNode token = named.get(name);
        addSpecial(token == null ? STANDARD.getOrDefault(name, "") : text(token), token);
      }
      more.forEach(token -> addSpecial(text(token), token));
      return new SpecialTokens(of(named, PAD), List.copyOf(added.values()));
    }

    /** A prompt begins and ends as CLIP's, with tokens that the encoder was taught. */
    private void requireStandard(String name, Map<String, JsonNode> named) {
      String content = of(named, name);
      if (!content.equals(STANDARD.get(name))) {
        throw ClipVocabulary.damaged(
            source,
            "has the %s %s, which is not supported (expected %s)"
                .formatted(name, content, STANDARD.get(name)),
            null);
      }
      if (known(content) == null) {
        throw ClipVocabulary.damaged(source, "has no token " + content, null);
      }
    }

    private static String of(Map<String, JsonNode> named, String name) {
      JsonNode token = named.get(name);
      return token == null ? Objects.requireNonNull(STANDARD.get(name)) : text(token);
    }

    private void addSpecial(String content, @Nullable JsonNode flags) {
      if (!content.isEmpty() && !added.containsKey(content)) {
        Integer known = vocabulary.get(content);
        add(
            content,
            flags == null ? MissingNode.getInstance() : flags,
            known == null ? taken.size() : known);
      }
    }
  }
}
