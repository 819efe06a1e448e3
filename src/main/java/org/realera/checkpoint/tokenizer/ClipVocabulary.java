package org.realera.checkpoint.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.builtin.BuiltInTokenizer;
import org.realera.files.Digests;
import org.realera.files.Json;
import org.realera.files.TextFile;

/**
 * The tables of a CLIP tokenizer.
 *
 * @param source where they came from, for errors
 * @param ids token to id, without those that only {@code added} has
 * @param merges pairs of tokens, blank between, most frequent first
 * @param padding the token that fills a prompt up to 77
 * @param added tokens that stand for themselves wherever a text has them: start, end, padding
 *     ({@code !} in Stable Diffusion 2.x), and those trained on top of the vocabulary
 */
public record ClipVocabulary(
    String source,
    Map<String, Integer> ids,
    List<String> merges,
    String padding,
    List<AddedToken> added) {
  public static final String BOS = "<|startoftext|>";
  public static final String EOS = "<|endoftext|>";

  private static final String END_OF_WORD = "</w>";
  private static final String REMEDY = "Fetch the checkpoint's tokenizer folder again.";

  public ClipVocabulary {
    ids = Map.copyOf(ids);
    merges = List.copyOf(merges);
    added = List.copyOf(added);
    for (String merge : merges) {
      int blank = merge.indexOf(' ');
      if (blank <= 0 || !ids.containsKey(merge.substring(0, blank) + merge.substring(blank + 1))) {
        throw damaged(source, "merges to a token that it lacks: \"" + merge + "\"", null);
      }
    }
    Set<Integer> all = new HashSet<>(ids.values());
    added.forEach(token -> all.add(token.id()));
    for (int id = 0; id < all.size(); id++) {
      if (!all.contains(id)) {
        int last = Collections.max(all);
        throw damaged(source, "has no token with the id " + id + ", but one with " + last, null);
      }
    }
  }

  /**
   * Reads a tokenizer folder: vocab.json and merges.txt, or else tokenizer.json.
   *
   * @throws RealeraException (not found) if it has neither; (damaged) if they are not a CLIP BPE,
   *     or a token of more than one symbol comes out of no merge
   */
  public static ClipVocabulary read(Path folder) {
    Path vocab = folder.resolve("vocab.json");
    Path merges = folder.resolve("merges.txt");
    Path whole = folder.resolve("tokenizer.json");
    if (Files.exists(vocab) && Files.exists(merges)) {
      Map<String, Integer> ids = ids(vocab, json(vocab));
      ClipVocabulary read =
          of(folder.toString(), ids, lines(merges), SpecialTokens.read(folder, ids));
      read.requireAllMade(merges.toString());
      return read;
    }
    if (Files.exists(whole)) {
      JsonNode model = json(whole).path("model");
      List<String> pairs = new ArrayList<>();
      model
          .path("merges")
          .forEach(
              m ->
                  pairs.add(
                      m.isArray() ? m.path(0).asText() + " " + m.path(1).asText() : m.asText()));
      Map<String, Integer> ids = ids(whole, model.path("vocab"));
      ClipVocabulary read = of(whole.toString(), ids, pairs, SpecialTokens.read(folder, ids));
      read.requireAllMade(whole.toString());
      return read;
    }
    throw RealeraException.notFound(
        "no tokenizer in " + folder + ": neither vocab.json with merges.txt nor tokenizer.json",
        "Take the tokenizer folder of a Stable Diffusion checkpoint.");
  }

  /** CLIP's own vocabulary of 49,408 tokens, for checkpoints that bring none. */
  public static ClipVocabulary builtIn() {
    Map<String, Integer> ids = BuiltInTokenizer.ids();
    return of(
        "the built-in CLIP vocabulary",
        ids,
        BuiltInTokenizer.merges(),
        SpecialTokens.standard(ids));
  }

  private static ClipVocabulary of(
      String source, Map<String, Integer> ids, List<String> merges, SpecialTokens special) {
    return new ClipVocabulary(source, ids, merges, special.padding(), special.added());
  }

  /**
   * Refuses merges of which some are lost: words would fall into pieces that the encoder was not
   * taught to read together.
   */
  private void requireAllMade(String file) {
    Set<String> found = new HashSet<>();
    merges.forEach(merge -> found.add(merge.replace(" ", "")));
    added.forEach(token -> found.add(token.content()));
    List<String> unmade =
        ids.keySet().stream()
            .filter(token -> !found.contains(token) && symbols(token) > 1)
            .sorted(Comparator.comparing(ids::get))
            .toList();
    if (!unmade.isEmpty()) {
      throw damaged(
          file,
          "lacks merges: %s of %s tokens come out of none, such as \"%s\""
              .formatted(unmade.size(), ids.size(), unmade.get(0)),
          null);
    }
  }

  /** Of how many characters, each of which stands for a byte, a token consists. */
  private static int symbols(String token) {
    String word =
        token.endsWith(END_OF_WORD)
            ? token.substring(0, token.length() - END_OF_WORD.length())
            : token;
    return word.codePointCount(0, word.length());
  }

  /** How many ids there are, those of added tokens included: the rows that an encoder needs. */
  public int size() {
    Set<Integer> all = new HashSet<>(ids.values());
    added.forEach(token -> all.add(token.id()));
    return all.size();
  }

  /** The id of a token, of which an added one's comes first. */
  public int id(String token) {
    return added.stream()
        .filter(a -> a.content().equals(token))
        .map(AddedToken::id)
        .findFirst()
        .orElseGet(() -> Objects.requireNonNull(ids.get(token)));
  }

  /** SHA-256 of all that the ids of a text follow from, in whatever files and order it stands. */
  public String sha256() {
    @Nullable String[] names = new String[size()];
    for (Map.Entry<String, Integer> entry : ids.entrySet()) {
      names[entry.getValue()] = entry.getKey();
    }
    @Nullable AddedToken[] special = new AddedToken[names.length];
    for (AddedToken token : added) {
      special[token.id()] = token;
    }
    StringBuilder all = new StringBuilder();
    for (int id = 0; id < names.length; id++) {
      all.append(names[id]);
      AddedToken token = special[id];
      if (token != null) {
        all.append('\n').append(token.content());
        all.append(token.lstrip()).append(token.rstrip()).append(token.singleWord());
      }
      all.append('\n');
    }
    for (String merge : merges) {
      all.append(merge).append('\n');
    }
    return Digests.sha256(all.append(padding).toString());
  }

  /** Takes an id for a token; an error that names both if another has it. */
  static void requireFree(String source, Map<Integer, String> taken, String token, int id) {
    String other = taken.putIfAbsent(id, token);
    if (other != null && !other.equals(token)) {
      throw damaged(
          source, "has the id " + id + " twice: \"" + other + "\" and \"" + token + "\"", null);
    }
  }

  /** The tokenizers library's description of this BPE, without special tokens. */
  public String tokenizerJson() {
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
    Map<String, Integer> pieces = new LinkedHashMap<>(ids);
    pieces.putIfAbsent(EOS, id(EOS)); // the library asks for the unknown token among them
    model.put("vocab", pieces);
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
    Map<Integer, String> taken = new HashMap<>();
    table
        .properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isInt() || entry.getValue().intValue() < 0) {
                throw damaged(file.toString(), "has no number as id of " + entry.getKey(), null);
              }
              requireFree(file.toString(), taken, entry.getKey(), entry.getValue().intValue());
              ids.put(entry.getKey(), entry.getValue().intValue());
            });
    if (ids.isEmpty()) {
      throw damaged(file.toString(), "has no vocabulary", null);
    }
    return ids;
  }

  private static List<String> lines(Path file) {
    return text(file).lines().filter(l -> !l.isBlank() && !l.startsWith("#version")).toList();
  }

  /** A file's tree, an object; of equal keys none is believed. */
  static JsonNode json(Path file) {
    try {
      JsonNode tree = Json.STRICT.readTree(text(file));
      if (!tree.isObject()) {
        throw damaged(file.toString(), "is no JSON object", null);
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw damaged(file.toString(), "is not JSON: " + Json.reason(e), e);
    }
  }

  private static String text(Path file) {
    try {
      return TextFile.read(file, REMEDY);
    } catch (IOException e) {
      throw damaged(file.toString(), "could not be read: " + e, e);
    }
  }

  public static RealeraException damaged(String source, String what, @Nullable Throwable cause) {
    return new RealeraException(
        Kind.DAMAGED, "the tokenizer " + source + " " + what, REMEDY, cause);
  }
}
