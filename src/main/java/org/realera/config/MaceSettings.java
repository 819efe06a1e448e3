package org.realera.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MACE's settings (Lu et al., CVPR 2024).
 *
 * @param prompts of both closed forms, with one {@code {}} each
 * @param refinement stage 1, closed-form refinement
 * @param hold what both closed forms hold
 * @param lora stage 2, one LoRA for each concept
 * @param masks where the concept is in its images
 * @param fusion stage 3, all LoRAs into one weight
 */
public record MaceSettings(
    List<String> prompts, Refinement refinement, Hold hold, Lora lora, Masks masks, Fusion fusion)
    implements MethodSettings {

  public MaceSettings {
    prompts = Check.templates("prompts", prompts);
    if (prompts.isEmpty()) {
      throw Check.bad("prompts", "empty", "must have at least one entry");
    }
  }

  @Override
  public boolean hasPrior() {
    return true;
  }

  @Override
  public @Nullable String priorOff() {
    return hold.weight() == 0 ? "hold.weight is 0" : null;
  }

  @Override
  public @Nullable String preserveOff() {
    return hold.weight() * hold.domainWeight() == 0
        ? "hold.weight times hold.domain_weight is 0"
        : null;
  }

  @Override
  public @Nullable String masksOff() {
    return masks.own() || lora.enabled() ? null : "lora.enabled is false";
  }

  /**
   * Stage 1.
   *
   * @param lambda how much each weight is held; against sums over all prompts, not relative
   */
  public record Refinement(double lambda) {
    public Refinement {
      Check.notNegative("refinement.lambda", lambda);
    }
  }

  /**
   * The prior of both closed forms, s (M_text + w M_domain).
   *
   * @param weight s
   * @param domainWeight w, of the prompts of the recipe's {@code preserve}
   * @param prompts texts that M_text is made of
   * @param countsAs as how many texts they count: M_text is scaled so
   * @param squared true: s^2 in stage 1, as the published code has it
   */
  public record Hold(
      double weight, double domainWeight, int prompts, int countsAs, boolean squared) {
    public Hold {
      Check.notNegative("hold.weight", weight);
      Check.notNegative("hold.domain_weight", domainWeight);
      Check.upTo("hold.prompts", prompts, Limits.PROMPTS);
      Check.atLeast("hold.counts_as", countsAs, 1);
    }
  }

  /**
   * Stage 2, LoRA on {@code to_k} and {@code to_v} of the cross-attention.
   *
   * @param enabled false: stage 1 alone
   * @param prompt with one {@code {}}: images are drawn with it
   * @param augment true: each step takes one of the prompts of both closed forms; false: {@code
   *     prompt}
   * @param images images of each concept, drawn by the original model
   * @param imageSteps sampling steps for these images
   * @param imageGuidance guidance scale for these images
   * @param steps optimiser steps for each concept
   * @param rank r; the scale is 1
   * @param learningRate of AdamW
   * @param weightDecay of AdamW
   * @param maxGradNorm joint norm to which a step's gradients are scaled down; 0: as they are
   * @param importance most t between 200 and 400 of 1,000; false: uniform
   * @param endTokens true: attention to the end token and the padding that repeats it goes, too
   * @param checkpointEvery steps between two saved states, from which {@code --resume} goes on
   */
  public record Lora(
      boolean enabled,
      String prompt,
      boolean augment,
      int images,
      int imageSteps,
      double imageGuidance,
      int steps,
      int rank,
      double learningRate,
      double weightDecay,
      double maxGradNorm,
      boolean importance,
      boolean endTokens,
      int checkpointEvery)
      implements TrainingNumbers, ImageNumbers {
    public Lora {
      prompt = Check.templates("lora.prompt", List.of(prompt)).get(0);
      Check.pictures("lora.", images, imageSteps, imageGuidance);
      Check.training("lora.", steps, learningRate, weightDecay, checkpointEvery);
      Check.upTo("lora.rank", rank, Limits.RANK);
      Check.notNegative("lora.max_grad_norm", maxGradNorm);
    }
  }

  /**
   * Masks of the images.
   *
   * @param source {@link #ATTENTION} for the original model's own attention to the concept's
   *     tokens, else a folder of PNG files, white where the concept is
   * @param timestep at which that is looked at
   * @param threshold of its map scaled to 0 to 1: what is as high belongs to the concept
   */
  public record Masks(String source, int timestep, double threshold) {
    public static final String ATTENTION = "attention";

    public Masks {
      source = Check.path("masks.source", source);
      Check.atLeast("masks.timestep", timestep, 0);
      Check.within("masks.threshold", threshold, 0, 1);
    }

    /** Whether there is no folder. */
    public boolean own() {
      return source.equals(ATTENTION);
    }
  }

  /**
   * Stage 3.
   *
   * @param lambda how much each refined weight is held
   */
  public record Fusion(double lambda) {
    public Fusion {
      Check.notNegative("fusion.lambda", lambda);
    }
  }
}
