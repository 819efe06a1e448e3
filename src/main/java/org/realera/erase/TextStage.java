package org.realera.erase;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.realera.checkpoint.Checkpoint;
import org.realera.closedform.Gram;
import org.realera.closedform.TextPrior;
import org.realera.config.EraseRecipe;
import org.realera.erase.ReportPictures.Subject;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Precision;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;
import org.realera.text.PriorPrompts;
import org.realera.text.Spelling;

/**
 * Lines 1-24 of Algorithm 1, all but the products: from prompts to T. The text encoder is loaded
 * for this and closed after it; embeddings are fp32 whatever the U-Net computes in.
 */
final class TextStage {
  private static final int PROMPTS_AT_ONCE = 16;

  private final EraseRecipe recipe;
  private final Checkpoint model;
  private final Compute compute;
  private final PriorCache priorCache;
  private final RunManifest manifest;
  private final StageLog log;

  TextStage(
      EraseRecipe recipe,
      Checkpoint model,
      Compute compute,
      PriorCache priorCache,
      RunManifest manifest,
      StageLog log) {
    this.recipe = recipe;
    this.model = model;
    this.compute = new Compute(compute.device(), Precision.FP32);
    this.priorCache = priorCache;
    this.manifest = manifest;
    this.log = log;
  }

  /**
   * What the text side comes to; all is owned by the scope given.
   *
   * @param t T of eq. 7, [d, d] float64
   * @param condition condition number of the matrix inverted for it
   * @param subjects of the report's pictures; empty if there are none
   */
  record Result(
      List<ErasedConcept> concepts, NDArray t, double condition, List<Subject> subjects) {}

  /**
   * Runs the stages.
   *
   * @param pictures whether to choose subjects for the report
   * @param scope owns the result; a manager of the CPU
   */
  Result run(boolean pictures, NDManager scope) {
    log.begin(Stage.TEXT, 1);
    try (ClipTokenizer tokenizer = ClipTokenizer.load(model.tokenizerFolder());
        Weights weights = model.openTextEncoder();
        ClipTextEncoder encoder = ClipTextEncoder.load(weights, model.textConfig(), compute)) {
      checkSpelling(tokenizer);
      var concepts = ErasedConcept.encode(recipe, tokenizer, encoder, scope);
      int blocks = concepts.size() * recipe.templates().size();
      log.end(
          Stage.TEXT,
          blocks
              + (blocks == 1 ? " prompt and its anchor's" : " prompts and as many of the anchors"));
      try (ClosedFormStage closedForm = new ClosedFormStage(recipe, concepts)) {
        if (recipe.closedForm().priorWeight() > 0) {
          addPrior(closedForm, concepts, tokenizer, encoder);
        }
        addSamples(closedForm, tokenizer, encoder);
        log.begin(Stage.CLOSED_FORM, 1);
        NDArray t = closedForm.solve(scope);
        List<Subject> subjects =
            pictures
                ? ReportPictures.choose(
                    recipe, concepts, new NearbyWords(tokenizer, encoder, weights))
                : List.of();
        return new Result(concepts, t, closedForm.condition(), subjects);
      }
    }
  }

  /** A word that the model was never taught would be erased for nothing. */
  private void checkSpelling(ClipTokenizer tokenizer) {
    for (String text : recipe.texts()) {
      Spelling.requireKnown(text, tokenizer);
      Spelling.suggestion(text, tokenizer)
          .ifPresent(
              near ->
                  log.note(
                      "\"" + text + "\" is taken as it stands; did you mean \"" + near + "\"?"));
    }
  }

  private void addPrior(
      ClosedFormStage closedForm,
      List<ErasedConcept> concepts,
      ClipTokenizer tokenizer,
      ClipTextEncoder encoder) {
    // Chosen and encoded whatever is erased, so that one cache entry serves every concept.
    List<ConceptPrompt> prompts =
        PriorPrompts.choose(
            tokenizer, recipe.templates(), recipe.closedForm().priorPrompts(), List.of());
    log.begin(Stage.PRIOR, prompts.size());
    var blocks = concepts.stream().flatMap(c -> c.blocks().stream()).toList();
    long width = blocks.get(0).width();
    Shape shape = new Shape(prompts.size(), ClipTokenizer.SEQUENCE_LENGTH, width);
    List<String> key = new ArrayList<>(manifest.textKey());
    prompts.forEach(p -> key.add(p.text() + " " + Arrays.toString(p.tokens().ids())));
    int[] others = withoutErased(prompts, concepts, tokenizer);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray encoded =
          priorCache
              .get(key, shape, scope, () -> encode(prompts, shape, encoder, scope))
              .get(scope.create(others));
      List<ConceptPrompt> chosen = Arrays.stream(others).mapToObj(prompts::get).toList();
      try (Gram prior =
          TextPrior.gram(chosen, encoded, blocks, recipe.closedForm().priorLeaveOut())) {
        closedForm.keepPrior(prior);
        long used = prior.rows() / ClipTokenizer.SEQUENCE_LENGTH;
        manifest.result(Stage.PRIOR, Map.of("prompts", used));
        log.end(
            Stage.PRIOR,
            used
                + " prompts of real text held, "
                + (prompts.size() - used)
                + " near the concept left out");
      }
    }
  }

  /** The prompts whose word has no token of a concept. */
  private static int[] withoutErased(
      List<ConceptPrompt> prompts, List<ErasedConcept> concepts, ClipTokenizer tokenizer) {
    Set<Long> erased = new HashSet<>();
    concepts.forEach(c -> erased.addAll(tokenizer.ids(c.pair().concept())));
    return IntStream.range(0, prompts.size())
        .filter(i -> tokenizer.ids(prompts.get(i).concept()).stream().noneMatch(erased::contains))
        .toArray();
  }

  private NDArray encode(
      List<ConceptPrompt> prompts, Shape shape, ClipTextEncoder encoder, NDManager scope) {
    float[] all = new float[Math.toIntExact(shape.size())];
    int at = 0;
    for (int from = 0; from < prompts.size(); from += PROMPTS_AT_ONCE) {
      int to = Math.min(prompts.size(), from + PROMPTS_AT_ONCE);
      try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
        float[] some =
            ErasedConcept.onCpu(encoder, inner, prompts.subList(from, to)).toFloatArray();
        System.arraycopy(some, 0, all, at, some.length);
        at += some.length;
      }
      log.step(Stage.PRIOR, to);
    }
    return scope.create(all, shape);
  }

  private void addSamples(
      ClosedFormStage closedForm, ClipTokenizer tokenizer, ClipTextEncoder encoder) {
    log.begin(Stage.SAMPLES, (long) recipe.concepts().size() * recipe.templates().size());
    closedForm.addSamples(done -> log.step(Stage.SAMPLES, done));
    closedForm.keepPrefixes();
    closedForm.keepPreserved(tokenizer, encoder);
    Map<String, Object> numbers = closedForm.numbers();
    manifest.result(Stage.SAMPLES, numbers);
    String mined = numbers.get("neighbors") + " neighbors from " + numbers.get("neighbor_draws");
    String held = numbers.get("beyond") + " points beyond from " + numbers.get("beyond_draws");
    log.end(
        Stage.SAMPLES,
        (recipe.mining().enabled() ? mined + " draws, " : "no mining, ")
            + (recipe.beyond().enabled() ? held + " draws" : "no points beyond"));
  }
}
