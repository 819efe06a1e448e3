package org.realera.erase;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.realera.checkpoint.CrossAttention;
import org.realera.closedform.ClosedForm;
import org.realera.closedform.Gram;
import org.realera.closedform.GramAccumulator;
import org.realera.concept.BeyondConcept;
import org.realera.concept.NeighborMining;
import org.realera.config.ClosedFormSettings;
import org.realera.config.EraseRecipe;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptBlock;
import org.realera.text.ConceptPrompt;

/**
 * Lines 2-24 of Algorithm 1: the samples of all concepts in one accumulator, one solve, and the
 * products. Owns the accumulator; close it.
 */
final class ClosedFormStage implements AutoCloseable {
  private final EraseRecipe recipe;
  private final ClosedFormSettings settings;
  private final List<ErasedConcept> concepts;
  private final GramAccumulator accumulator;
  private final long width;
  private long neighborDraws;
  private long beyondDraws;

  ClosedFormStage(EraseRecipe recipe, List<ErasedConcept> concepts) {
    this.recipe = recipe;
    this.settings = recipe.closedForm();
    this.concepts = concepts;
    this.width = concepts.get(0).blocks().get(0).width();
    this.accumulator = new GramAccumulator(width);
  }

  /**
   * Adds e itself, its mined neighbors and the points beyond, of every concept and template; every
   * block draws from streams of its own.
   *
   * @param progress told after every chunk how many blocks are done; may throw to stop
   */
  void addSamples(LongConsumer progress) {
    long index = 0;
    for (ErasedConcept concept : concepts) {
      for (ConceptBlock block : concept.blocks()) {
        long done = index;
        accumulator.add(block.e(), block.anchor(), 1);
        if (recipe.mining().enabled()) {
          Noise noise = new Noise(Noise.derive(recipe.seed(), "mining", index));
          neighborDraws +=
              new NeighborMining(block, recipe.mining())
                  .forEachChunk(
                      recipe.mining().samples(),
                      noise,
                      mined -> {
                        accumulator.add(mined.sources(), mined.targets(), 1);
                        progress.accept(done);
                      });
        }
        if (recipe.beyond().enabled()) {
          Noise noise = new Noise(Noise.derive(recipe.seed(), "beyond", index));
          beyondDraws +=
              new BeyondConcept(block, recipe.mining(), recipe.beyond())
                  .forEachChunk(
                      recipe.beyond().samples(),
                      noise,
                      rows -> {
                        accumulator.keep(rows, settings.lambda1());
                        progress.accept(done);
                      });
        }
        index++;
        progress.accept(index);
      }
    }
  }

  /** Keeps the rows before the concepts: start token and template. */
  void keepPrefixes() {
    if (settings.prefixWeight() == 0) {
      return;
    }
    try (Gram prefixes = new Gram(width)) {
      concepts.forEach(c -> c.blocks().forEach(b -> prefixes.add(b.prefix(), 1)));
      accumulator.keepRelative(prefixes, settings.prefixWeight());
    }
  }

  /** Keeps the rows of the user's own concepts, from their first token on. */
  void keepPreserved(ClipTokenizer tokenizer, ClipTextEncoder encoder) {
    for (String kept : recipe.preserve()) {
      List<ConceptPrompt> prompts =
          recipe.templates().stream().map(t -> ConceptPrompt.of(t, kept, tokenizer)).toList();
      try (Gram rows = new Gram(width);
          NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        NDArray encoded = ErasedConcept.onCpu(encoder, scope, prompts);
        for (int i = 0; i < prompts.size(); i++) {
          int start = prompts.get(i).span().start();
          rows.add(encoded.get(scope, new NDIndex("{},{}:", i, start)), 1);
        }
        accumulator.keepRelative(rows, settings.preserveWeight());
      }
    }
  }

  /** Keeps the directions of real text. */
  void keepPrior(Gram prior) {
    accumulator.keepRelative(prior, settings.priorWeight());
  }

  /** What {@link #addSamples} and the keepers came to, for the manifest. */
  Map<String, Object> numbers() {
    long blocks = (long) concepts.size() * recipe.templates().size();
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("neighbors", recipe.mining().enabled() ? blocks * recipe.mining().samples() : 0);
    numbers.put("neighbor_draws", neighborDraws);
    numbers.put("beyond", recipe.beyond().enabled() ? blocks * recipe.beyond().samples() : 0);
    numbers.put("beyond_draws", beyondDraws);
    numbers.put("erased_rows", accumulator.erasedRows());
    numbers.put("kept_rows", accumulator.keptRows());
    return numbers;
  }

  /** Condition number of the one matrix that was inverted. */
  double condition() {
    return accumulator.condition();
  }

  /**
   * T of eq. 7.
   *
   * @return [d, d] float64, owned by {@code scope}
   */
  NDArray solve(NDManager scope) {
    return accumulator.solve(settings.mu(), scope);
  }

  /**
   * The edited projections, one at a time: W = W_org T.
   *
   * @param tensors full tensor name to W, [C, d] fp32, owned by the scope
   * @param change module to ||W - W_org|| / ||W_org||
   */
  record Projections(Map<String, NDArray> tensors, Map<String, Double> change) {
    double meanChange() {
      return change.values().stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
  }

  static Projections project(NDArray t, Weights unet, NDManager scope) {
    Map<String, NDArray> tensors = new TreeMap<>();
    Map<String, Double> change = new LinkedHashMap<>();
    for (String module : CrossAttention.projections(unet)) {
      try (NDManager inner = scope.newSubManager()) {
        NDArray original = unet.read(module + Edits.WEIGHT, inner);
        NDArray edited = ClosedForm.apply(t, original, scope);
        tensors.put(module + Edits.WEIGHT, edited);
        NDArray before = original.toType(edited.getDataType(), true);
        double norm = before.norm().getFloat();
        double moved = edited.sub(before).norm().getFloat();
        change.put(module, norm == 0 ? 0 : moved / norm);
      }
    }
    return new Projections(tensors, change);
  }

  @Override
  public void close() {
    accumulator.close();
  }
}
