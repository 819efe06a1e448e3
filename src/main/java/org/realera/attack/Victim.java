package org.realera.attack;

import java.util.List;
import java.util.function.Consumer;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.Image;
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
   * @param pictures how they are drawn
   * @param notes hears what the user should know of the drawing, each once
   */
  public Victim(
      Checkpoint erased,
      Checkpoint original,
      Compute compute,
      PictureSettings pictures,
      Consumer<String> notes) {
    this.erased = erased;
    this.original = original;
    this.compute = compute;
  }

  /**
   * A picture that is wanted.
   *
   * @param candidate what it is drawn from
   * @param seed of its initial noise
   */
  public record Wanted(Candidate candidate, long seed) {}

  public Checkpoint erased() {
    return erased;
  }

  public Checkpoint original() {
    return original;
  }

  public Compute compute() {
    return compute;
  }

  /** Pictures by the erased model, in order; those of words as {@code realera generate} draws. */
  public List<Image> draw(List<Wanted> wanted) {
    throw new UnsupportedOperationException();
  }

  /** The same by the original. */
  public List<Image> drawOriginal(List<Wanted> wanted) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
