package org.realera.checkpoint.builtin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.realera.files.Json;

/** CLIP's own vocabulary of 49,408 tokens, for checkpoints that bring none: single files do not. */
public final class BuiltInTokenizer {
  /** Tokens in all: 256 bytes, 256 bytes that end a word, the merges, start and end. */
  public static final int SIZE = 49_408;

  /** Of {@link #vocabJson()}: to make it takes longer than to look at a copy. */
  public static final String VOCAB_SHA256 =
      "5047b556ce86ccaf6aa22b3ffccfc52d391ea4accdab9c2f2407da5b742d4363";

  /** Of {@link #mergesText()}. */
  public static final String MERGES_SHA256 =
      "9fd691f7c8039210e0fced15865466c65820d09b63988b0174bfe25de299051a";

  private static final String MERGES = "/org/realera/tokenizer/merges.txt.gz";
  private static final String END_OF_WORD = "</w>";

  private BuiltInTokenizer() {}

  /** The pairs of tokens to merge, blank between, most frequent first. */
  public static List<String> merges() {
    try (InputStream in =
            Objects.requireNonNull(BuiltInTokenizer.class.getResourceAsStream(MERGES));
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      List<String> merges = new ArrayList<>();
      reader.lines().forEach(merges::add);
      return List.copyOf(merges);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every token to its id, in the order of the ids. */
  public static Map<String, Integer> ids() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    ByteSymbols.IN_ORDER.forEach(s -> ids.put(s, ids.size()));
    ByteSymbols.IN_ORDER.forEach(s -> ids.put(s + END_OF_WORD, ids.size()));
    merges().forEach(m -> ids.put(m.replace(" ", ""), ids.size()));
    ids.put("<|startoftext|>", ids.size());
    ids.put("<|endoftext|>", ids.size());
    return ids;
  }

  /** The text of vocab.json. */
  public static String vocabJson() {
    try {
      return Json.WRITER.writeValueAsString(ids());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers are always JSON", e);
    }
  }

  /** The text of merges.txt, with the header line that readers skip. */
  public static String mergesText() {
    return "#version: 0.2\n" + String.join("\n", merges()) + "\n";
  }

  /** Whether a model's files (path to text) hold this very vocabulary, in whatever order. */
  public static boolean isIn(Map<String, String> files) {
    String vocab = files.get("tokenizer/vocab.json");
    String merges = files.get("tokenizer/merges.txt");
    if (vocab == null || merges == null) {
      return false;
    }
    try {
      Map<String, Integer> theirs =
          Json.READER.forType(new TypeReference<Map<String, Integer>>() {}).readValue(vocab);
      List<String> lines =
          merges.lines().filter(l -> !l.isBlank() && !l.startsWith("#version")).toList();
      return theirs.equals(ids()) && lines.equals(merges());
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
