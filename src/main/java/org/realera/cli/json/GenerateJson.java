package org.realera.cli.json;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.SafeGuidance;

/** {@code realera generate}: each image. */
public record GenerateJson(List<Picture> pictures) {

  /**
   * An image.
   *
   * @param file that holds it, perhaps with others
   * @param width in pixels, and so is the height
   * @param safe what Safe Latent Diffusion guided away from; null without it, and so is {@code sld}
   * @param sld how strongly
   * @param spm the adapters that it was drawn with; null for none
   */
  public record Picture(
      String file,
      String prompt,
      long seed,
      int steps,
      double guidance,
      int width,
      int height,
      @Nullable String safe,
      @Nullable String sld,
      @Nullable String spm) {

    /** What was drawn into a file, with these adapters or null. */
    public static Picture of(Path file, ImageRequest drawn, @Nullable Path spm) {
      SafeGuidance safe = drawn.safe();
      return new Picture(
          file.toString(),
          drawn.prompt(),
          drawn.seed(),
          drawn.steps(),
          drawn.guidance(),
          drawn.width(),
          drawn.height(),
          safe == null ? null : safe.text(),
          safe == null ? null : safe.settings().name(),
          spm == null ? null : spm.toString());
    }
  }
}
