package org.realera.erase;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.realera.config.MiningSettings;
import org.realera.safetensors.Weights;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptBlock;
import org.realera.text.ConceptPrompt;

/**
 * Words of the vocabulary that lie within a concept's erasing range. Encoding all of CLIP's would
 * take minutes, so those are tried whose input embeddings are nearest.
 */
final class NearbyWords {
  private static final int FREQUENT = 20_000;
  private static final int TRIED = 64;
  private static final int SHORTEST = 3;

  private final ClipTokenizer tokenizer;
  private final ClipTextEncoder encoder;
  private final Weights weights;

  /** All are borrowed; {@code weights} are the text encoder's. */
  NearbyWords(ClipTokenizer tokenizer, ClipTextEncoder encoder, Weights weights) {
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.weights = weights;
  }

  /** A word and the cosine between its rows and e. */
  record Word(String text, double cosine) {}

  /**
   * The nearest words within [S2, S1], nearest first.
   *
   * @param template as the block's
   */
  List<Word> find(ErasedConcept concept, String template, MiningSettings mining, int count) {
    String own = concept.pair().concept().toLowerCase(Locale.ROOT);
    List<String> words =
        nearestInputs(concept.pair().concept(), TRIED).stream()
            .filter(w -> !own.equals(w))
            .toList();
    return cosines(concept.blocks().get(0), template, words).stream()
        .filter(w -> w.cosine() >= mining.s2() && w.cosine() <= mining.s1())
        .sorted(Comparator.comparingDouble(Word::cosine).reversed().thenComparing(Word::text))
        .limit(count)
        .toList();
  }

  /**
   * How near words are to a concept: the cosine between e and the same rows of the word's prompt.
   *
   * @param template as the block's
   */
  List<Word> cosines(ConceptBlock block, String template, List<String> words) {
    List<ConceptPrompt> prompts =
        words.stream().map(w -> ConceptPrompt.of(template, w, tokenizer)).toList();
    List<Word> out = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += 16) {
      List<ConceptPrompt> some = prompts.subList(from, Math.min(prompts.size(), from + 16));
      try (NDManager scope = NDManager.newBaseManager(ai.djl.Device.cpu())) {
        NDArray encoded = ErasedConcept.onCpu(encoder, scope, some);
        for (int i = 0; i < some.size(); i++) {
          int start = some.get(i).span().start();
          long rows = Math.min(block.length(), encoded.getShape().get(1) - start);
          NDArray mine = encoded.get(scope, new NDIndex("{},{}:{}", i, start, start + rows));
          NDArray e = block.e().get(scope, new NDIndex("0:{}", rows));
          double dot = mine.mul(e).sum().getFloat();
          double norms = (double) mine.norm().getFloat() * e.norm().getFloat();
          out.add(new Word(some.get(i).concept(), dot / norms));
        }
      }
    }
    return out;
  }

  /** Whole words whose input embedding points where the concept's (the mean of its tokens) does. */
  List<String> nearestInputs(String concept, int count) {
    List<String> words = tokenizer.words(SHORTEST).stream().limit(FREQUENT).toList();
    String name =
        weights.tensors().keySet().stream()
            .filter(n -> n.endsWith("token_embedding.weight"))
            .findFirst()
            .orElseThrow();
    try (NDManager scope = NDManager.newBaseManager(ai.djl.Device.cpu())) {
      NDArray table = weights.read(name, scope).toType(DataType.FLOAT32, true);
      long width = table.getShape().get(1);
      double[] mean = new double[(int) width];
      for (long id : tokenizer.ids(concept)) {
        float[] row = table.get(scope, id).toFloatArray();
        for (int i = 0; i < mean.length; i++) {
          mean[i] += row[i];
        }
      }
      float[] flat = table.toFloatArray();
      return words.stream()
          .map(w -> new Word(w, cosine(flat, (int) (tokenizer.ids(w).get(0) * width), mean)))
          .sorted(Comparator.comparingDouble(Word::cosine).reversed().thenComparing(Word::text))
          .limit(count)
          .map(Word::text)
          .toList();
    }
  }

  private static double cosine(float[] table, int at, double[] with) {
    double dot = 0;
    double own = 0;
    double other = 0;
    for (int i = 0; i < with.length; i++) {
      dot += table[at + i] * with[i];
      own += (double) table[at + i] * table[at + i];
      other += with[i] * with[i];
    }
    return dot / Math.sqrt(Math.max(own * other, 1e-30));
  }
}
