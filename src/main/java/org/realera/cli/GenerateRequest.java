package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.ModelCard;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.SafeGuidance;
import org.realera.tensor.ComputeChoice;

/**
 * What {@code realera generate} was asked to draw. Null means what the model's card says.
 *
 * @param model the model as the user named it
 * @param prompts what to draw
 * @param negativePrompt what to steer away from; may be empty
 * @param count images of each prompt
 * @param steps sampling steps
 * @param guidance guidance scale
 * @param safe Safe Latent Diffusion; null for none
 * @param spm adapters of SPM to draw with, file or folder; null for none
 * @param size in pixels
 * @param out {@code x.png} or a folder
 * @param force whether files may be replaced
 * @param compute where and in which type networks run
 */
record GenerateRequest(
    String model,
    List<Prompt> prompts,
    String negativePrompt,
    int count,
    @Nullable Integer steps,
    @Nullable Double guidance,
    @Nullable SafeGuidance safe,
    @Nullable Path spm,
    @Nullable ImageSize size,
    Path out,
    boolean force,
    ComputeChoice compute) {

  /**
   * A prompt of them.
   *
   * @param seed of the first image, the next has one more
   * @param guidance its own guidance scale; null for none
   */
  record Prompt(String text, long seed, @Nullable Double guidance) {

    /** The first of: what the user says for all, its own, the model's. */
    double guidance(@Nullable Double all, ModelCard card) {
      return all != null ? all : guidance != null ? guidance : card.guidance();
    }
  }

  /**
   * The images one by one, all of one prompt in a row.
   *
   * @param card what to take where the user said nothing
   * @param standard the size that the model was trained at
   */
  List<ImageRequest> images(ModelCard card, ImageSize standard) {
    ImageSize pixels = size == null ? standard : size;
    List<ImageRequest> images = new ArrayList<>();
    for (Prompt prompt : prompts) {
      for (int i = 0; i < count; i++) {
        images.add(
            new ImageRequest(
                    prompt.text(),
                    negativePrompt,
                    prompt.seed() + i,
                    steps == null ? card.steps() : steps,
                    prompt.guidance(guidance, card),
                    pixels.width(),
                    pixels.height())
                .with(safe));
      }
    }
    return images;
  }
}
