package org.realera.diffusion;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.realera.tensor.Edits;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;
import org.realera.text.Tokens;

/**
 * SPM's facilitated transport (Lyu et al., CVPR 2024): each prompt is drawn by W + sum_i gamma_i
 * B_i A_i, where gamma_i says how near the prompt is to what adapter i erases, c:
 *
 * <p>{@code gamma = max(cos(E(p), E(c)), |T(p) and T(c)| / |T(c)|)}
 *
 * <p>E are all 77 rows of the text encoder in one, T the set of tokens without start, end and
 * padding. Both halves of classifier-free guidance see the adapters, as in the authors' program.
 */
public final class FacilitatedTransport {
  private final List<Membrane> membranes;
  private final ClipTokenizer tokenizer;
  private final ClipTextEncoder encoder;
  private final Device device;
  private final List<List<Text>> erased;
  private final Map<String, List<Double>> known = new HashMap<>();

  /**
   * @param tokenizer borrowed, as the encoder
   * @param device where adapters are to be
   */
  FacilitatedTransport(
      List<Membrane> membranes, ClipTokenizer tokenizer, ClipTextEncoder encoder, Device device) {
    this.membranes = membranes;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.device = device;
    this.erased =
        membranes.stream().map(one -> one.prompts().stream().map(this::read).toList()).toList();
  }

  /**
   * A text as it is compared.
   *
   * @param tokens ids without start, end and padding
   * @param rows E, [77 d]
   */
  @SuppressWarnings("ArrayRecordComponent") // a few thousand numbers, read in place
  private record Text(Set<Long> tokens, float[] rows) {}

  /** Each by itself: what it is then depends on no other text. */
  private Text read(String text) {
    Tokens tokens = tokenizer.tokenize(text);
    Set<Long> words = new HashSet<>();
    for (int i = 1; i < tokens.length() - 1; i++) {
      words.add(tokens.ids()[i]);
    }
    try (NDManager scope = NDManager.newBaseManager(device)) {
      NDArray rows = encoder.encode(scope, new long[][] {tokens.ids()});
      encoder.requireFinite(rows, List.of(text));
      return new Text(words, rows.toFloatArray());
    }
  }

  /** gamma of each adapter for a prompt, from 0 to 1. */
  List<Double> gammas(String prompt) {
    return known.computeIfAbsent(
        prompt,
        text -> {
          Text read = read(text);
          return erased.stream()
              .map(one -> one.stream().mapToDouble(c -> gamma(read, c)).max().orElse(0))
              .toList();
        });
  }

  private static double gamma(Text prompt, Text c) {
    double shared = c.tokens().stream().filter(prompt.tokens()::contains).count();
    double share = c.tokens().isEmpty() ? 0 : shared / c.tokens().size();
    return Math.min(1, Math.max(cos(prompt.rows(), c.rows()), share));
  }

  private static double cos(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  /** What a prompt gets, in words. */
  String describe(String prompt) {
    List<Double> gammas = gammas(prompt);
    List<String> each = new ArrayList<>();
    for (int i = 0; i < gammas.size(); i++) {
      each.add(
          String.format(Locale.ROOT, "%.2f of \"%s\"", gammas.get(i), membranes.get(i).concept()));
    }
    return String.join(", ", each);
  }

  /**
   * Adapters as far as each counts.
   *
   * @param gammas one for each; where all are 0 the model is the original
   * @param scope owns the tensors
   */
  Edits edits(List<Double> gammas, NDManager scope) {
    if (gammas.stream().allMatch(gamma -> gamma == 0)) {
      return Edits.NONE;
    }
    List<Double> factors = new ArrayList<>();
    for (int i = 0; i < gammas.size(); i++) {
      factors.add(gammas.get(i) * membranes.get(i).scale());
    }
    Map<String, NDArray> tensors = new TreeMap<>();
    Membrane.together(membranes, factors)
        .forEach(
            (name, tensor) -> tensors.put(name, scope.create(tensor.values(), tensor.shape())));
    return new Edits(tensors, 1);
  }

  /**
   * Draws as {@link ImageSampler#sample}; images that follow each other are drawn in one batch only
   * where they have the same adapters.
   */
  List<Image> sample(ImageSampler sampler, List<ImageRequest> requests, LongConsumer progress) {
    List<Image> images = new ArrayList<>();
    long before = 0;
    int from = 0;
    while (from < requests.size()) {
      List<Double> gammas = gammas(requests.get(from).prompt());
      int to = from + 1;
      while (to < requests.size() && gammas.equals(gammas(requests.get(to).prompt()))) {
        to++;
      }
      List<ImageRequest> alike = requests.subList(from, to);
      long start = before;
      try (NDManager scope = NDManager.newBaseManager(device)) {
        images.addAll(
            sampler.sample(alike, edits(gammas, scope), done -> progress.accept(start + done)));
      }
      before += alike.stream().mapToLong(ImageRequest::steps).sum();
      from = to;
    }
    return images;
  }
}
