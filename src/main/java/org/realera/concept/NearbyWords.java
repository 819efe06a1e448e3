package org.realera.concept;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.realera.config.MiningSettings;
import org.realera.text.ConceptPrompt;
import org.realera.text.TextModel;
import org.realera.text.Vocabulary;

/**
 * Words of the vocabulary that lie within a concept's erasing range. Encoding all of CLIP's would
 * take minutes, so those are tried whose input embeddings are nearest.
 */
public final class NearbyWords {
  private final TextModel text;

  /**
   * @param text borrowed
   */
  public NearbyWords(TextModel text) {
    this.text = text;
  }

  /** A word and the cosine between its rows and e. */
  public record Word(String text, double cosine) {}

  /**
   * The nearest words within [S2, S1], nearest first, of the {@value MiningSettings#MOST_WORDS}
   * whose input embeddings are nearest.
   *
   * @param template that of the rows
   */
  public List<Word> find(Concept concept, String template, MiningSettings mining, int count) {
    return find(concept.pair().concept(), concept.rows().get(0), template, mining, count);
  }

  /**
   * The same of a concept without its pair.
   *
   * @param rows of the concept in the template
   */
  List<Word> find(
      String concept, Concept.Rows rows, String template, MiningSettings mining, int count) {
    String own = concept.toLowerCase(Locale.ROOT);
    List<String> words =
        nearestInputs(concept, MiningSettings.MOST_WORDS).stream()
            .filter(w -> !own.equals(w))
            .toList();
    return cosines(rows, template, words).stream()
        .filter(w -> w.cosine() >= mining.s2() && w.cosine() <= mining.s1())
        .sorted(Comparator.comparingDouble(Word::cosine).reversed().thenComparing(Word::text))
        .limit(count)
        .toList();
  }

  /**
   * How near words are to a concept: the cosine between e and the same rows of the word's prompt.
   *
   * @param template that of the rows
   */
  public List<Word> cosines(Concept.Rows concept, String template, List<String> words) {
    List<ConceptPrompt> prompts =
        words.stream().map(w -> ConceptPrompt.of(template, w, text.tokenizer())).toList();
    List<Word> out = new ArrayList<>();
    if (prompts.isEmpty()) {
      return out;
    }
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray encoded = text.encode(prompts, scope, done -> {});
      for (int i = 0; i < prompts.size(); i++) {
        ConceptPrompt prompt = prompts.get(i);
        double cosine = Nearness.cosine(encoded, i, prompt.span().start(), concept.e());
        out.add(new Word(prompt.concept(), cosine));
      }
    }
    return out;
  }

  /** Whole words whose input embedding points where the concept's (the mean of its tokens) does. */
  public List<String> nearestInputs(String concept, int count) {
    List<String> words = Vocabulary.frequent(text.tokenizer());
    String name =
        text.weights().tensors().keySet().stream()
            .filter(n -> n.endsWith("token_embedding.weight"))
            .findFirst()
            .orElseThrow();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray table = text.weights().read(name, scope).toType(DataType.FLOAT32, true);
      long width = table.getShape().get(1);
      double[] mean = new double[(int) width];
      for (long id : text.tokenizer().ids(concept)) {
        float[] row = table.get(scope, id).toFloatArray();
        for (int i = 0; i < mean.length; i++) {
          mean[i] += row[i];
        }
      }
      float[] flat = table.toFloatArray();
      return words.stream()
          .map(w -> new Word(w, cosine(flat, (int) (text.tokenizer().ids(w).get(0) * width), mean)))
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
