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
 * @param concept the erased concept; null for a survey of all words of the suite
 * @param anchor what it was erased with
 * @param label what tables call this run
 * @param samples images of every prompt
 * @param steps DDIM steps
 * @param guidance guidance scale
 * @param safe Safe Latent Diffusion of the model under test, never of the baseline; null for none
 * @param spm adapters of SPM that the model under test is drawn with, never the baseline: file or
 *     folder; null for none
 * @param batch images drawn together
 * @param shard which part of the image list to do
 * @param out the run folder
 * @param tool version of this program
 */
public record EvalRequest(
    Suite suite,
    ModelRef model,
    @Nullable ModelRef baseline,
    ModelRef scorer,
    @Nullable String concept,
    @Nullable String anchor,
    @Nullable String label,
    @Nullable Integer samples,
    @Nullable Integer steps,
    @Nullable Double guidance,
    @Nullable SafeGuidance safe,
    @Nullable Path spm,
    @Nullable Integer batch,
    Shard shard,
    Path out,
    String tool) {

  /** The same guided away from a text by Safe Latent Diffusion of that published strength. */
  public EvalRequest awayFrom(String text, String strength) {
    return with(new SafeGuidance(text, SldSettings.of(strength)));
  }

  /** The same with Safe Latent Diffusion, or without. */
  public EvalRequest with(@Nullable SafeGuidance guided) {
    return new EvalRequest(
        suite, model, baseline, scorer, concept, anchor, label, samples, steps, guidance, guided,
        spm, batch, shard, out, tool);
  }

  /** The same drawn with adapters of SPM, or without. */
  public EvalRequest adapted(@Nullable Path adapters) {
    return new EvalRequest(
        suite, model, baseline, scorer, concept, anchor, label, samples, steps, guidance, safe,
        adapters, batch, shard, out, tool);
  }

  /** One without Safe Latent Diffusion and adapters. */
  public EvalRequest(
      Suite suite,
      ModelRef model,
      @Nullable ModelRef baseline,
      ModelRef scorer,
      @Nullable String concept,
      @Nullable String anchor,
      @Nullable String label,
      @Nullable Integer samples,
      @Nullable Integer steps,
      @Nullable Double guidance,
      @Nullable Integer batch,
      Shard shard,
      Path out,
      String tool) {
    this(
        suite, model, baseline, scorer, concept, anchor, label, samples, steps, guidance, null,
        null, batch, shard, out, tool);
  }
}
