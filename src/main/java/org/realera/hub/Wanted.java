package org.realera.hub;

/** What a name is looked up for: without one, other things can be given in its place. */
public enum Wanted {
  /** A model that draws. */
  MODEL(
      "give a diffusers folder, or use --model pocket.",
      "Give a diffusers folder, a hub name such as CompVis/stable-diffusion-v1-4, or `pocket`."),

  /** A scorer, which is named by another option. */
  SCORER(
      "or give a folder of CLIP or `pocket` as the scorer (--scorer; of eval score --with).",
      "Give a folder of CLIP, a hub name such as openai/clip-vit-base-patch32@refs/pr/15, or"
          + " `pocket` as the scorer (--scorer; of eval score --with).");

  private final String instead;
  private final String kinds;

  Wanted(String instead, String kinds) {
    this.instead = instead;
    this.kinds = kinds;
  }

  /** How a remedy ends: what to give in place of one that can't be had. */
  String instead() {
    return instead;
  }

  /** The remedy for what is no name of one. */
  String kinds() {
    return kinds;
  }
}
