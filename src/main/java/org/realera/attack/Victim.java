package org.realera.attack;

import org.realera.checkpoint.Checkpoint;
import org.realera.tensor.Compute;

/**
 * The erased model and, where an attack needs it, the original, opened for attacks. Networks are
 * loaded when first asked for. Close it.
 */
public final class Victim implements AutoCloseable {
  private final Checkpoint erased;
  private final Checkpoint original;
  private final Compute compute;

  /**
   * @param erased the model that is attacked
   * @param original what it was before
   * @param compute device and precision of the U-Net
   */
  public Victim(Checkpoint erased, Checkpoint original, Compute compute) {
    this.erased = erased;
    this.original = original;
    this.compute = compute;
  }

  public Checkpoint erased() {
    return erased;
  }

  public Checkpoint original() {
    return original;
  }

  public Compute compute() {
    return compute;
  }

  @Override
  public void close() {}
}
