package org.realera.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.builtin.BuiltInTokenizer;
import org.realera.files.Json;

/**
 * The tables of a CLIP tokenizer.
 *
 * @param source where they came from, for errors
 * @param ids token to id
 * @param merges pairs of tokens, blank between, most frequent first
 * @param padding the token that fills a prompt up to 77
 * @param specials tokens that stand for themselves wherever a text has them: start, end and what
 *     the tokenizer's configuration makes so, {@code !} in Stable Diffusion 2.x
 */
record ClipVocabulary(
    String source,
    Map<String, Integer> ids,
    List<String> merges,
    String padding,
    List<String> specials) {
  static final String BOS = "<|startoftext|>";
  static final String EOS = "<|endoftext|>";

  private static final String END_OF_WORD = "</w>";

  ClipVocabulary {
    ids = Map.copyOf(ids);
    merges = List.copyOf(merges);
    specials = List.copyOf(specials);
    for (String token : List.of(BOS, EOS, padding)) {
      if (!ids.containsKey(token)) {
        throw damaged(source, "has no token " + token, null);
      }
    }
    for (String merge : merges) {
      int blank = merge.indexOf(' ');
      if (blank <= 0 || !ids.containsKey(merge.substring(0, blank) + merge.substring(blank + 1))) {
        throw damaged(source, "merges to a token that it lacks: \"" + merge + "\"", null);
      }
    }
  }

  /**
   * Reads a tokenizer folder: vocab.json and merges.txt, or else tokenizer.json.
   *
   * @throws RealeraException (not found) if it has neither; (damaged) if they are not a CLIP BPE
   */
  static ClipVocabulary read(Path folder) {
    Path vocab = folder.resolve("vocab.json");
    Path merges = folder.resolve("merges.txt");
    Path whole = folder.resolve("tokenizer.json");
    SpecialTokens special = SpecialTokens.read(folder);
    if (Files.isRegularFile(vocab) && Files.isRegularFile(merges)) {
      return of(folder.toString(), ids(vocab, json(vocab)), lines(merges), special);
    }
    if (Files.isRegularFile(whole)) {
      JsonNode model = json(whole).path("model");
      List<String> pairs = new ArrayList<>();
      model
          .path("merges")
          .forEach(
              m ->
                  pairs.add(
                      m.isArray() ? m.path(0).asText() + " " + m.path(1).asText() : m.asText()));
      return of(whole.toString(), ids(whole, model.path("vocab")), pairs, special);
    }
    throw RealeraException.notFound(
        "no tokenizer in " + folder + ": neither vocab.json with merges.txt nor tokenizer.json",
        "take the tokenizer folder of a Stable Diffusion checkpoint");
  }

  /** CLIP's own vocabulary of 49,408 tokens, for checkpoints that bring none. */
  static ClipVocabulary builtIn() {
    return of(
        "the built-in CLIP vocabulary",
        BuiltInTokenizer.ids(),
        BuiltInTokenizer.merges(),
        SpecialTokens.DEFAULT);
  }

  private static ClipVocabulary of(
      String source, Map<String, Integer> ids, List<String> merges, SpecialTokens special) {
    List<String> specials =
        Stream.concat(Stream.of(BOS, EOS, special.padding()), special.others().stream())
            .distinct()
            .filter(ids::containsKey)
            .toList();
    return new ClipVocabulary(source, ids, merges, special.padding(), specials);
  }

  int id(String token) {
    return Objects.requireNonNull(ids.get(token));
  }

  /** The tokenizers library's description of this BPE, without special tokens. */
  String tokenizerJson() {
    // Letters run together, digits stand alone; the long s is what ignoring case adds to 's.
    String pattern = "'[s\u017f]|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
    Map<String, Object> split = new LinkedHashMap<>();
    split.put("type", "Split");
    split.put("pattern", Map.of("Regex", pattern));
    split.put("behavior", "Removed");
    split.put("invert", true);
    Map<String, Object> bytes = new LinkedHashMap<>();
    bytes.put("type", "ByteLevel");
    bytes.put("add_prefix_space", false);
    bytes.put("trim_offsets", true);
    bytes.put("use_regex", false);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("unk_token", EOS);
    model.put("end_of_word_suffix", END_OF_WORD);
    model.put("fuse_unk", false);
    model.put("vocab", ids);
    model.put("merges", merges);
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("version", "1.0");
    whole.put("added_tokens", List.of());
    whole.put("pre_tokenizer", Map.of("type", "Sequence", "pretokenizers", List.of(split, bytes)));
    whole.put("model", model);
    try {
      return Json.WRITER.writeValueAsString(whole);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a vocabulary holds only texts and numbers", e);
    }
  }

  private static Map<String, Integer> ids(Path file, JsonNode table) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    table
        .properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isInt() || entry.getValue().intValue() < 0) {
                throw damaged(file.toString(), "has no number as id of " + entry.getKey(), null);
              }
              ids.put(entry.getKey(), entry.getValue().intValue());
            });
    if (ids.isEmpty()) {
      throw damaged(file.toString(), "has no vocabulary", null);
    }
    return ids;
  }

  private static List<String> lines(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.stream().filter(l -> !l.isBlank() && !l.startsWith("#version")).toList();
    } catch (IOException e) {
      throw damaged(file.toString(), "could not be read: " + e, e);
    }
  }

  static JsonNode json(Path file) {
    try {
      return Json.READER.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw damaged(file.toString(), "is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw damaged(file.toString(), "could not be read: " + e, e);
    }
  }

  static RealeraException damaged(String source, String what, @Nullable Throwable cause) {
    return new RealeraException(
        Kind.DAMAGED,
        "the tokenizer " + source + " " + what,
        "fetch the checkpoint's tokenizer folder again",
        cause);
  }
}
