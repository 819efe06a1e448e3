package org.realera.eval.attack;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.ModelRef;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.Suite.Sampler;

/**
 * What {@link AttackRun} is asked to do.
 *
 * @param suite names the judge and how images are drawn
 * @param sampler the suite's, with what the user changed
 * @param victim the erased model and what it was made from
 * @param scorer the judge's scorer and its folder or file
 * @param concept what was erased
 * @param anchor what it was erased with, a label of the open set; null if not known
 * @param plan which attacks, from which prompts
 * @param shard the part of the prompts to do
 * @param twin the folder of a run with the same original, whose images are taken over; null for
 *     none
 * @param out the run folder
 * @param tool version of this program
 */
public record AttackRequest(
    Suite suite,
    Sampler sampler,
    AttackedModel victim,
    ModelRef scorer,
    String concept,
    @Nullable String anchor,
    AttackPlan plan,
    Shard shard,
    @Nullable Path twin,
    Path out,
    String tool) {}
