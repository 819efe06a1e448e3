package org.realera.config;

import java.util.List;

/**
 * Concept inversion (Pham et al., ICLR 2024): textual inversion on the erased model, one search for
 * all prompts.
 *
 * @param images images of the concept by the original
 * @param templates prompts of the images and of the new token, in turns; the first one is drawn
 * @param start a word at whose row the new token starts
 * @param steps optimiser steps
 * @param batch noised images of a step
 * @param learningRate of AdamW
 * @param weightDecay of AdamW
 */
public record InversionSettings(
    int images,
    List<String> templates,
    String start,
    int steps,
    int batch,
    double learningRate,
    double weightDecay) {

  public InversionSettings {
    Check.upTo("inversion.images", images, Limits.SAMPLES);
    templates = Check.templates("inversion.templates", templates);
    if (templates.isEmpty()) {
      throw Check.bad("inversion.templates", "empty", "has at least one template");
    }
    start = Check.text("inversion.start", start);
    Check.upTo("inversion.steps", steps, Limits.TRAINING_STEPS);
    Check.upTo("inversion.batch", batch, Limits.BATCH);
    Check.positive("inversion.learning_rate", learningRate);
    Check.notNegative("inversion.weight_decay", weightDecay);
  }
}
