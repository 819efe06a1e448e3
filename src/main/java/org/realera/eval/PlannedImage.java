package org.realera.eval;

/** One image to draw: the prompt of {@code set} from {@code seed}. */
public record PlannedImage(ImageSet set, long seed) {

  /** Where it is stored below the run folder, with slashes. */
  public String file() {
    return "images/" + set.name() + "/" + ImageSet.slug(set.prompt()) + "_" + seed + ".png";
  }
}
