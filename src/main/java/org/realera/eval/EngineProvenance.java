package org.realera.eval;

import java.nio.file.Path;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.SpmFile;
import org.realera.diffusion.SpmSource;
import org.realera.scorer.Scorers;
import org.realera.tensor.Compute;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Engine;

/** Models in diffusers folders, and scorers, on the tensor engine. */
public abstract class EngineProvenance implements Provenance {
  private final Compute compute;

  /**
   * Starts the engine.
   *
   * @throws org.realera.RealeraException (usage) for a GPU that is not there
   */
  protected EngineProvenance(ComputeChoice choice) {
    this.compute = Engine.compute(choice);
  }

  /** Where and in which type models run. */
  protected final Compute compute() {
    return compute;
  }

  @Override
  public final String device() {
    return compute.deviceKind();
  }

  @Override
  public final String dtype() {
    return compute.precision().label();
  }

  @Override
  public final String fingerprint(Path model) {
    return Checkpoint.open(model).fingerprint();
  }

  @Override
  public final SpmSource adapters(Path spm, Path model) {
    return SpmFile.read(spm, Checkpoint.open(model)).source();
  }

  @Override
  public final String scorerFingerprint(Path scorer) {
    return Scorers.fingerprint(scorer);
  }
}
