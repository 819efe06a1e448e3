package org.realera.eval.attack;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.ModelRef;

/**
 * The erased model and what it came from.
 *
 * @param model the erased model and its folder
 * @param label what tables call it
 * @param baseline what it was made from; null for none, which some attacks need
 * @param spm the adapters of SPM that {@code model} holds, file or folder: words are drawn by the
 *     baseline and facilitated transport; null for none
 */
public record AttackedModel(
    ModelRef model, String label, @Nullable ModelRef baseline, @Nullable Path spm) {}
