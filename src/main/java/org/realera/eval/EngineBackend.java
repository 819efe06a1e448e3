package org.realera.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.Pipeline;
import org.realera.eval.run.RunInfo;
import org.realera.files.Digests;
import org.realera.safetensors.WeightFiles;
import org.realera.scorer.clip.ClipScorer;
import org.realera.tensor.Compute;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Engine;

/** Models in diffusers folders and scorers of every kind, on the tensor engine. */
final class EngineBackend implements EvalBackend {
  private final Compute compute;

  /**
   * Starts the engine.
   *
   * @throws org.realera.RealeraException (usage) for a GPU that is not there
   */
  EngineBackend(ComputeChoice choice) {
    this.compute = Engine.compute(choice);
  }

  @Override
  public String device() {
    return compute.deviceKind();
  }

  @Override
  public String dtype() {
    return compute.precision().label();
  }

  @Override
  public String fingerprint(Path model) {
    return Checkpoint.open(model).fingerprint();
  }

  @Override
  public String scorerFingerprint(Path scorer) {
    return Digests.sha256(
        Files.isRegularFile(scorer)
            ? List.of(scorer)
            : WeightFiles.find(scorer, ClipScorer.WEIGHTS).files());
  }

  @Override
  public Painter painter(Path model) {
    return new ModelPainter(Pipeline.load(Checkpoint.open(model), compute));
  }

  /** The scorer is small and its figures are compared between machines: always fp32. */
  @Override
  public SuiteScorer scorer(Path scorer, RunInfo info) {
    return SuiteScorers.open(scorer, info, compute.inFp32());
  }
}
