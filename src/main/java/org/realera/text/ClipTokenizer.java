package org.realera.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.builtin.ByteSymbols;
import org.realera.checkpoint.tokenizer.AddedToken;
import org.realera.checkpoint.tokenizer.ClipVocabulary;
import org.realera.files.BasicNormalizer;

/**
 * CLIP's byte-pair tokenizer. Gives the ids of transformers' slow CLIPTokenizer (as it runs without
 * ftfy), which is what Stable Diffusion pipelines use: {@link BasicNormalizer} prepares the text as
 * that one does, and the Hugging Face tokenizers library splits and merges.
 */
public final class ClipTokenizer implements AutoCloseable {
  /** Tokens of a prompt as the encoder sees it, start, end and padding included. */
  public static final int SEQUENCE_LENGTH = ClipTextConfig.LENGTH;

  private static final List<String> IN_PATTERN = List.of(ClipVocabulary.BOS, ClipVocabulary.EOS);
  private static final String END_OF_WORD = "</w>";

  private final ClipVocabulary vocabulary;
  private final TextSplitter splitter;
  private final Map<Long, String> tokenOf = new HashMap<>();

  /** Pieces of words that were added under another id, which transformers then gives them. */
  private final Map<Long, Long> renumbered = new HashMap<>();

  private final HuggingFaceTokenizer bpe;
  private final int size;

  /** Words of ASCII letters, by id. */
  private final List<String> words;

  private ClipTokenizer(ClipVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.size = vocabulary.size();
    this.words = words(vocabulary.ids());
    this.splitter = new TextSplitter(vocabulary.added());
    vocabulary.ids().forEach((token, id) -> tokenOf.put((long) id, token));
    for (AddedToken token : vocabulary.added()) {
      tokenOf.put((long) token.id(), token.content());
      Integer piece = vocabulary.ids().get(token.content());
      if (piece != null) {
        renumbered.put((long) piece, (long) token.id());
      }
    }
    this.bpe = load(vocabulary);
  }

  /**
   * Opens a checkpoint's tokenizer folder: vocab.json and merges.txt, or else tokenizer.json.
   *
   * @throws RealeraException (not found, damaged) if it holds no CLIP tokenizer
   */
  public static ClipTokenizer load(Path tokenizerFolder) {
    return new ClipTokenizer(ClipVocabulary.read(tokenizerFolder));
  }

  /**
   * The same of a model, whose text encoder must have a row for each token, and no other: more may
   * be padding, but as well tokens whose file is lost, and words would be read as other ones.
   *
   * @throws RealeraException (damaged) if it has more or fewer
   */
  public static ClipTokenizer load(ClipVocabulary vocabulary, ClipTextConfig encoder) {
    if (vocabulary.size() != encoder.vocabSize()) {
      throw RealeraException.damaged(
          "the tokenizer %s has %s tokens, but the text encoder has rows for %s (vocab_size)"
              .formatted(vocabulary.source(), vocabulary.size(), encoder.vocabSize()),
          encoder.vocabSize() < vocabulary.size()
              ? "Take both from one model."
              : "Either added tokens are missing: fetch added_tokens.json or tokenizer_config.json"
                  + " of the same model. Or the rows were padded (pad_to_multiple_of): cut them by"
                  + " text_encoder.resize_token_embeddings("
                  + vocabulary.size()
                  + ") and save the text encoder again.");
    }
    return new ClipTokenizer(vocabulary);
  }

  /** CLIP's own vocabulary, for checkpoints that bring none. */
  public static ClipTokenizer builtIn() {
    return new ClipTokenizer(ClipVocabulary.builtIn());
  }

  private static HuggingFaceTokenizer load(ClipVocabulary vocabulary) {
    // Without these, the library looks for a GPU and reports its use.
    for (Map.Entry<String, String> e :
        Map.of("RUST_FLAVOR", "cpu", "OPT_OUT_TRACKING", "true").entrySet()) {
      if (System.getProperty(e.getKey()) == null) {
        System.setProperty(e.getKey(), e.getValue());
      }
    }
    byte[] json = vocabulary.tokenizerJson().getBytes(StandardCharsets.UTF_8);
    Map<String, String> options =
        Map.of("addSpecialTokens", "false", "padding", "false", "truncation", "false");
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
    } catch (IOException | RuntimeException e) {
      throw ClipVocabulary.damaged(vocabulary.source(), "is not a BPE: " + e.getMessage(), e);
    }
  }

  /** The prompt cut or padded to 77 tokens. */
  public Tokens tokenize(String text) {
    List<Long> words = ids(text);
    int kept = Math.min(words.size(), SEQUENCE_LENGTH - 2);
    long[] ids = new long[SEQUENCE_LENGTH];
    Arrays.fill(ids, vocabulary.id(vocabulary.padding()));
    ids[0] = vocabulary.id(ClipVocabulary.BOS);
    for (int i = 0; i < kept; i++) {
      ids[i + 1] = words.get(i);
    }
    ids[kept + 1] = vocabulary.id(ClipVocabulary.EOS);
    return new Tokens(text, ids, kept + 2, kept < words.size());
  }

  /** The ids of the text alone: no start, no end, no limit. */
  public List<Long> ids(String text) {
    List<Long> ids = new ArrayList<>();
    for (TextSplitter.Piece piece : splitter.split(text)) {
      AddedToken token = piece.token();
      if (token == null) {
        addNormalized(ids, BasicNormalizer.normalize(piece.text()));
      } else {
        ids.add((long) token.id());
      }
    }
    return ids;
  }

  /** What is left of a text without the tokens that stand for themselves. */
  String withoutAdded(String text) {
    return splitter.split(text).stream()
        .filter(piece -> piece.token() == null)
        .map(TextSplitter.Piece::text)
        .collect(Collectors.joining(" "));
  }

  private static int next(String text, int from) {
    return IN_PATTERN.stream()
        .mapToInt(s -> text.indexOf(s, from))
        .filter(at -> at >= 0)
        .min()
        .orElse(text.length());
  }

  /**
   * A start or end token that only folding to lower case has made is one too, unless punctuation
   * stands before it: then CLIP's pattern, which knows these two, has already swallowed its first
   * two characters.
   */
  private void addNormalized(List<Long> ids, String text) {
    int from = 0;
    int at = next(text, 0);
    while (at < text.length()) {
      int before = at == from ? ' ' : text.codePointBefore(at);
      if (before == ' ' || Character.isLetter(before) || isNumber(before)) {
        addWords(ids, text.substring(from, at));
        String special =
            text.startsWith(ClipVocabulary.BOS, at) ? ClipVocabulary.BOS : ClipVocabulary.EOS;
        ids.add((long) vocabulary.id(special));
        from = at + special.length();
        at = next(text, from);
      } else {
        at = next(text, at + 1);
      }
    }
    addWords(ids, text.substring(from));
  }

  private static boolean isNumber(int c) {
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  private void addWords(List<Long> ids, String text) {
    if (!text.isBlank()) {
      for (long id : bpe.encode(text, false, false).getIds()) {
        ids.add(renumbered.getOrDefault(id, id));
      }
    }
  }

  /**
   * The token of an id as it stands in the vocabulary, e.g. {@code airplane</w>}.
   *
   * @throws IllegalArgumentException if there is no such id
   */
  public String token(long id) {
    String token = tokenOf.get(id);
    if (token == null) {
      throw new IllegalArgumentException("no token has the id " + id);
    }
    return token;
  }

  /** Ids as a user reads them: the tokens' letters, a bar between two. */
  public String show(List<Long> ids) {
    return ids.stream()
        .map(id -> splitter.isAdded(token(id)) ? token(id) : decoded(token(id)))
        .collect(Collectors.joining("|"));
  }

  /**
   * Ids as transformers' {@code decode} writes them: pieces run together, a blank after each word.
   */
  public String text(List<Long> ids) {
    String symbols =
        ids.stream()
            .map(id -> splitter.isAdded(token(id)) ? token(id) + END_OF_WORD : token(id))
            .collect(Collectors.joining());
    return Stream.of(symbols.split(END_OF_WORD, -1))
        .map(word -> splitter.isAdded(word) ? word : ByteSymbols.decode(word))
        .collect(Collectors.joining(" "))
        .strip();
  }

  private static String decoded(String token) {
    return ByteSymbols.decode(token.replace(END_OF_WORD, ""));
  }

  /** How many tokens there are. */
  public int size() {
    return size;
  }

  /** Whether {@code word}, in any case, is a single token. */
  public boolean isWord(String word) {
    return vocabulary.ids().containsKey(word.toLowerCase(Locale.ROOT) + END_OF_WORD);
  }

  /**
   * Words of ASCII letters that are a token each, by id: in CLIP's vocabulary the most frequent
   * come first.
   *
   * @param shortest fewest letters of a word
   */
  public List<String> words(int shortest) {
    return words.stream().filter(w -> w.length() >= shortest).toList();
  }

  private static List<String> words(Map<String, Integer> ids) {
    Map<Integer, String> byId = new TreeMap<>();
    ids.forEach(
        (token, id) -> {
          int end = token.length() - END_OF_WORD.length();
          if (token.endsWith(END_OF_WORD) && isLetters(token, end)) {
            byId.put(id, token.substring(0, end));
          }
        });
    return List.copyOf(byId.values());
  }

  private static boolean isLetters(String token, int end) {
    for (int i = 0; i < end; i++) {
      if (token.charAt(i) < 'a' || token.charAt(i) > 'z') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    bpe.close();
  }
}
