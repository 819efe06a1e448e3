package org.realera.eval;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.ModelRef;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SldSettings;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;

/**
 * What {@link Evaluation} is asked to do. What is null is as the suite or the model says.
 *
 * @param suite a shipped suite's name or a YAML file
 * @param model the model under test and its folder
 * @param baseline the model or run folder to compare with, or null for none
 * @param scorer the scorer and its folder
 * @param subject what was erased
 * @param drawn what is drawn otherwise than the suite says
 * @param shard which part of the image list to do
 * @param out the run folder
 * @param tool version of this program
 */
public record EvalRequest(
    Suite suite,
    ModelRef model,
    @Nullable ModelRef baseline,
    ModelRef scorer,
    Subject subject,
    Drawn drawn,
    Shard shard,
    Path out,
    String tool) {

  /** The same guided away from a text by Safe Latent Diffusion of that published strength. */
  public EvalRequest awayFrom(String text, String strength) {
    return with(new SafeGuidance(text, SldSettings.of(strength)));
  }

  /** The same with Safe Latent Diffusion, or without. */
  public EvalRequest with(@Nullable SafeGuidance guided) {
    return with(drawn.with(guided));
  }

  /** The same drawn with adapters of SPM, or without. */
  public EvalRequest adapted(@Nullable Path adapters) {
    return with(drawn.adapted(adapters));
  }

  private EvalRequest with(Drawn otherwise) {
    return new EvalRequest(suite, model, baseline, scorer, subject, otherwise, shard, out, tool);
  }
}
