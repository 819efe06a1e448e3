package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.attack.AttackName;
import org.realera.checkpoint.ModelRef;
import org.realera.config.AttackSettings;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.Suite.Sampler;

/**
 * What {@link AttackRun} is asked to do.
 *
 * @param suite names the judge and how images are drawn
 * @param sampler the suite's, with what the user changed
 * @param model the erased model and its folder
 * @param baseline what it was made from; null for none, which some attacks need
 * @param spm the adapters of SPM that {@code model} holds, file or folder: words are drawn by the
 *     baseline and facilitated transport; null for none
 * @param scorer the judge's scorer and its folder or file
 * @param concept what was erased
 * @param anchor what it was erased with, a label of the open set; null if not known
 * @param label what tables call the model
 * @param prompts the prompts of all shards
 * @param attacks which to make, in the order of tables
 * @param settings what each may spend
 * @param shard the part of the prompts to do
 * @param twin the folder of a run with the same original, whose images are taken over; null for
 *     none
 * @param out the run folder
 * @param tool version of this program
 */
public record AttackRequest(
    Suite suite,
    Sampler sampler,
    ModelRef model,
    @Nullable ModelRef baseline,
    @Nullable Path spm,
    ModelRef scorer,
    String concept,
    @Nullable String anchor,
    String label,
    PromptPlan prompts,
    List<AttackName> attacks,
    AttackSettings settings,
    Shard shard,
    @Nullable Path twin,
    Path out,
    String tool) {
  public AttackRequest {
    attacks = List.copyOf(attacks);
  }

  /** The same with words drawn with adapters of SPM, or without. */
  public AttackRequest adapted(@Nullable Path adapters) {
    return new AttackRequest(
        suite, sampler, model, baseline, adapters, scorer, concept, anchor, label, prompts, attacks,
        settings, shard, twin, out, tool);
  }
}
