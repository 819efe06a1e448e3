package org.realera.eval.run;

import org.jspecify.annotations.Nullable;

/**
 * A model under test beside the one it came from.
 *
 * @param model the scored images of the model under test
 * @param baseline those of the original, of the same prompts and seeds; null if there is none
 */
public record ModelPair(ModelRun model, @Nullable ModelRun baseline) {}
