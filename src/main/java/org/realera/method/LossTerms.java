package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.realera.concept.BeyondConcept;
import org.realera.concept.Mined;
import org.realera.concept.NeighborMining;
import org.realera.config.AlignmentSettings;
import org.realera.config.BeyondSettings;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.diffusion.DdimScheduler;
import org.realera.tensor.Noise;
import org.realera.text.ConceptBlock;

/**
 * Draws what a step of the alignment compares. Everything is derived from seed and step, so that a
 * resumed run draws what an uninterrupted one would have.
 *
 * <p>Steps go in pairs, an odd one (eq. 8) and an even one (eq. 9); each pair takes the next
 * concept, and once round the concepts the next template.
 */
final class LossTerms {
  /**
   * One term of the loss: weight * mean((eps_new(latents, t, text) - eps_org(latents, t,
   * target))^2). Arrays are fp32 on the CPU, of the scope given to {@link #draw} or borrowed.
   *
   * @param latents z_t [4, h, w]
   * @param timestep t
   * @param text what the new U-Net is given, [77, d]
   * @param target what the original U-Net is given, [77, d]
   */
  record Term(NDArray latents, long timestep, NDArray text, NDArray target, double weight) {}

  private final List<AlignmentConcept> concepts;
  private final DdimScheduler scheduler;
  private final AlignmentSettings settings;
  private final MiningSettings mining;
  private final BeyondSettings beyond;
  private final long seed;

  LossTerms(List<AlignmentConcept> concepts, DdimScheduler scheduler, EraseRecipe recipe) {
    this.concepts = concepts;
    this.scheduler = scheduler;
    this.settings = recipe.alignment();
    this.mining = recipe.mining();
    this.beyond = recipe.beyond();
    this.seed = recipe.seed();
  }

  /**
   * The terms of a step.
   *
   * @param step from 1
   */
  List<Term> draw(int step, NDManager scope) {
    boolean even = step % 2 == 0;
    int pair = (step - 1) / 2;
    AlignmentConcept concept = concepts.get(pair % concepts.size());
    double share = 1.0 / settings.batch();
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < settings.batch(); i++) {
      long index = (long) step * settings.batch() + i;
      int round = pair / concepts.size() * settings.batch() + i;
      ConceptBlock block = concept.blocks().get(round % concept.blocks().size());
      Noise noise = new Noise(Noise.derive(seed, "alignment", index));
      NDArray clean = concept.latents().get(noise.integer(concept.latents().getShape().get(0)));
      clean.attach(scope);
      long t = noise.integer(scheduler.trainTimesteps());
      NDArray zt = scheduler.addNoise(scope, clean, noise.normal(scope, clean.getShape()), t);
      NDArray anchor = block.anchorEncoded();
      if (even && mining.enabled()) {
        NDArray neighbor = neighbor(block, index, scope);
        terms.add(new Term(zt, t, neighbor, anchor, settings.gamma1() * share));
      }
      if (even && beyond.enabled()) {
        NDArray kept = beyond(block, index, scope);
        terms.add(new Term(zt, t, kept, kept, settings.gamma2() * share));
      }
      if (!even || (!mining.enabled() && !beyond.enabled())) {
        terms.add(new Term(zt, t, block.encoded(), anchor, share));
      }
    }
    return terms;
  }

  /** p_c': a freshly mined neighbor. */
  private NDArray neighbor(ConceptBlock block, long index, NDManager scope) {
    Noise noise = new Noise(Noise.derive(seed, "alignment neighbor", index));
    try (Mined mined = new NeighborMining(block, mining).draw(1, noise, scope);
        NDArray rows = mined.sources().get(0)) {
      return block.embed(rows, scope);
    }
  }

  /** p_c'': a freshly drawn point beyond the concept. */
  private NDArray beyond(ConceptBlock block, long index, NDManager scope) {
    Noise noise = new Noise(Noise.derive(seed, "alignment beyond", index));
    try (NDArray points = new BeyondConcept(block, mining, beyond).draw(1, noise, scope);
        NDArray rows = points.get(0)) {
      return block.embed(rows, scope);
    }
  }
}
