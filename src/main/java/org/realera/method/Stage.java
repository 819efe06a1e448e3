package org.realera.method;

/**
 * The stages of an erasure, in order; {@link Run} is told of each, the manifest and the report list
 * them.
 */
public enum Stage {
  OPEN("open", "Open and check the model"),
  TEXT("text", "Encode prompts"),
  PRIOR("prior", "Text prior"),
  SAMPLES("samples", "Mine neighbors and draw beyond-concept points"),
  CLOSED_FORM("closed-form", "Solve the closed form"),
  CONCEPT_IMAGES("concept-images", "Draw images of the concept"),
  MASKS("masks", "Find the concept in its images"),
  ANCHOR_IMAGES("anchor-images", "Draw images of the anchor"),
  REPLAY_IMAGES("replay-images", "Draw images of what is remembered"),
  FISHER("fisher", "Measure the Fisher information"),
  TRAINING("training", "Train the U-Net"),
  FUSION("fusion", "Fuse the adapters"),
  ALIGNMENT("alignment", "Align predicted noise"),
  IMAGES("pictures", "Draw pictures for the report"),
  WRITE("write", "Write the model");

  private final String key;
  private final String title;

  Stage(String key, String title) {
    this.key = key;
    this.title = title;
  }

  /** The name in realera.json and for machines. */
  public String key() {
    return key;
  }

  /** The name for people. */
  public String title() {
    return title;
  }
}
