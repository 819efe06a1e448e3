package org.realera.checkpoint;

import java.util.List;
import java.util.function.Predicate;

/** How much of a model is read, and so has to be checked and named by its SHA-256. */
public enum Extent {
  /** Every component. */
  WHOLE,
  /** The text encoder, and of the U-Net keys and values of the cross-attention. */
  TEXT_AND_PROJECTIONS;

  /** What {@link Checkpoint#fingerprints} calls the projections alone. */
  public static final String PROJECTIONS = "unet_projections";

  List<String> components() {
    return this == WHOLE
        ? Checkpoint.COMPONENTS
        : List.of(Checkpoint.UNET, Checkpoint.TEXT_ENCODER);
  }

  /** Which of a component's tensors. */
  Predicate<String> tensors(String component) {
    return isPart(component) ? CrossAttention::isProjection : name -> true;
  }

  /** What the SHA-256 of a component's tensors is called. */
  String name(String component) {
    return isPart(component) ? PROJECTIONS : component;
  }

  private boolean isPart(String component) {
    return this == TEXT_AND_PROJECTIONS && component.equals(Checkpoint.UNET);
  }
}
