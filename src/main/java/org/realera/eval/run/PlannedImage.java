package org.realera.eval.run;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ListedPrompt;
import org.realera.eval.suite.Suite;
import org.realera.files.FileNames;

/**
 * One image to draw.
 *
 * @param set what it belongs to
 * @param prompt what to draw: the set's prompt, or one of its list
 * @param seed what to draw it from
 * @param guidance its own guidance scale, or null for the sampler's
 * @param name begins its file name
 */
public record PlannedImage(
    ImageSet set, String prompt, long seed, @Nullable Double guidance, String name) {

  private static final int LISTED_NAME = 60;

  /**
   * As many as 60 characters have at most, with room for the line's number and the longest seed.
   */
  private static final int LISTED_BYTES = 180;

  /** An image of a set's one prompt. */
  PlannedImage(ImageSet set, long seed) {
    this(set, set.prompt(), seed, null, ImageSet.slug(set.prompt()));
  }

  /** An image of a list's prompt; the line's number keeps equal prompts apart. */
  static PlannedImage listed(ImageSet set, int line, ListedPrompt listed, int sample) {
    String slug = ImageSet.slug(listed.prompt());
    return new PlannedImage(
        set,
        listed.prompt(),
        listed.seedOr(line - 1) + sample,
        listed.guidance(),
        String.format(
            Locale.ROOT, "%05d-%s", line, FileNames.cut(slug, LISTED_NAME, LISTED_BYTES)));
  }

  /** The guidance scale that it is drawn with. */
  public double guidance(Suite.Sampler sampler) {
    Double own = guidance;
    return own == null ? sampler.guidance() : own;
  }

  /** Where it is stored below the run folder, with slashes. */
  public String file() {
    return "images/" + set.name() + "/" + name + "_" + seed + ".png";
  }
}
