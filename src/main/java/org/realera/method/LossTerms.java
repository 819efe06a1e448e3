package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.realera.concept.BeyondConcept;
import org.realera.concept.Concept;
import org.realera.concept.Neighbors;
import org.realera.config.AlignmentSettings;
import org.realera.config.BeyondSettings;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.diffusion.DdimScheduler;
import org.realera.tensor.Noise;

/**
 * Draws what a step of the alignment compares. Everything is derived from seed and step, so that a
 * resumed run draws what an uninterrupted one would have.
 *
 * <p>Steps go in pairs, an odd one (eq. 8) and an even one (eq. 9); each pair takes the next
 * concept, and once round the concepts the next template. So concepts share the recipe's steps: of
 * a hundred, 200 steps give each one pair, by the first template. The paper's algorithm has one
 * concept.
 *
 * <p>A departure: z_t is of any of the anchor's images, whose prompt may be of another template
 * than the step's; in eqs. 8-9 it is of the image of p(c*). And what the recipe preserves, mines as
 * words or holds as real text has a part in the closed form alone, none here.
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

  private final List<Concept> concepts;
  private final List<NDArray> latents;
  private final DdimScheduler scheduler;
  private final AlignmentSettings settings;
  private final MiningSettings mining;
  private final BeyondSettings beyond;
  private final long seed;

  /**
   * @param latents for each concept z_0 of its anchor's images, [n, 4, h, w] fp32 on the CPU
   */
  LossTerms(
      List<Concept> concepts, List<NDArray> latents, DdimScheduler scheduler, EraseRecipe recipe) {
    this.concepts = concepts;
    this.latents = latents;
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
    Concept concept = concepts.get(pair % concepts.size());
    NDArray z0 = latents.get(pair % concepts.size());
    double share = 1.0 / settings.batch();
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < settings.batch(); i++) {
      long index = (long) step * settings.batch() + i;
      int round = pair / concepts.size() * settings.batch() + i;
      Concept.Rows p = concept.rows().get(round % concept.rows().size());
      Noise noise = new Noise(Noise.derive(seed, "alignment", index));
      NDArray clean = z0.get(noise.integer(z0.getShape().get(0)));
      clean.attach(scope);
      long t = noise.integer(scheduler.trainTimesteps());
      NDArray zt = scheduler.addNoise(scope, clean, noise.normal(scope, clean.getShape()), t);
      NDArray anchor = p.encodedAnchor();
      if (even && mining.enabled()) {
        NDArray neighbor = neighbor(p, index, scope);
        terms.add(new Term(zt, t, neighbor, anchor, settings.gamma1() * share));
      }
      if (even && beyond.enabled()) {
        NDArray kept = beyond(p, index, scope);
        terms.add(new Term(zt, t, kept, kept, settings.gamma2() * share));
      }
      if (!even || (!mining.enabled() && !beyond.enabled())) {
        terms.add(new Term(zt, t, p.encoded(), anchor, share));
      }
    }
    return terms;
  }

  /** p_c': a freshly mined neighbor. */
  private NDArray neighbor(Concept.Rows p, long index, NDManager scope) {
    Noise noise = new Noise(Noise.derive(seed, "alignment neighbor", index));
    try (Neighbors.Mined mined = new Neighbors(p, mining).mine(1, noise, scope);
        NDArray rows = mined.sources().get(0)) {
      return p.embed(rows, scope);
    }
  }

  /** p_c'': a freshly drawn point beyond the concept. */
  private NDArray beyond(Concept.Rows p, long index, NDManager scope) {
    Noise noise = new Noise(Noise.derive(seed, "alignment beyond", index));
    try (NDArray points = new BeyondConcept(p, mining, beyond).sample(1, noise, scope);
        NDArray rows = points.get(0)) {
      return p.embed(rows, scope);
    }
  }
}
