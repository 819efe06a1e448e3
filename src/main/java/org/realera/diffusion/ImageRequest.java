package org.realera.diffusion;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.ModelText;

/**
 * One image that is wanted.
 *
 * @param prompt what to draw
 * @param negativePrompt what to steer away from; empty for nothing in particular
 * @param seed of the initial noise, as {@code torch.manual_seed} takes it
 * @param steps DDIM steps
 * @param guidance scale of classifier-free guidance; 1 or less switches it off
 * @param width in pixels
 * @param height in pixels
 * @param safe Safe Latent Diffusion, or null for classifier-free guidance alone
 * @param embedding stands in the prompt's place, or null where the prompt is read
 */
public record ImageRequest(
    String prompt,
    String negativePrompt,
    long seed,
    int steps,
    double guidance,
    int width,
    int height,
    @Nullable SafeGuidance safe,
    @Nullable Embedding embedding) {

  /**
   * What the U-Net reads where no words need say it.
   *
   * @param rows E, [77, d] row by row; not copied, so don't write into it
   */
  @SuppressWarnings("ArrayRecordComponent") // equality of embeddings is never asked for
  public record Embedding(float[] rows) {}

  /**
   * Checks what does not depend on the model.
   *
   * @throws RealeraException (usage) for a size, step count or guidance that can't be; for Safe
   *     Latent Diffusion without guidance
   */
  public ImageRequest {
    if (steps < 1) {
      throw RealeraException.usage(steps + " steps draw nothing", "Use --steps 1 or more.");
    }
    if (width < 1 || height < 1) {
      throw RealeraException.usage(
          "an image can't be " + width + " x " + height, "Use a --size such as 512x512.");
    }
    if (!Double.isFinite(guidance)) {
      throw RealeraException.usage("guidance " + guidance + " is no number", "Use --guidance 7.5");
    }
    if (safe != null) {
      safe.requireGuidance(guidance);
    }
  }

  /** One with classifier-free guidance alone. */
  public ImageRequest(
      String prompt,
      String negativePrompt,
      long seed,
      int steps,
      double guidance,
      int width,
      int height) {
    this(prompt, negativePrompt, seed, steps, guidance, width, height, null, null);
  }

  /** The same with Safe Latent Diffusion, or without. */
  public ImageRequest with(@Nullable SafeGuidance guided) {
    return new ImageRequest(
        prompt, negativePrompt, seed, steps, guidance, width, height, guided, embedding);
  }

  /** Whether two images can be drawn in one batch. */
  boolean alike(ImageRequest other) {
    return steps == other.steps
        && width == other.width
        && height == other.height
        && Objects.equals(safe, other.safe);
  }

  /** Whether the negative prompt has a part in it: without guidance nobody reads it. */
  public boolean steersAway() {
    return guided() && hasNegative();
  }

  boolean hasNegative() {
    return !ModelText.isBlank(negativePrompt);
  }

  boolean guided() {
    return guidance > 1;
  }
}
