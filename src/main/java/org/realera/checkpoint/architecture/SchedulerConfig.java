package org.realera.checkpoint.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What {@code scheduler/scheduler_config.json} says, read as a {@code StableDiffusionPipeline} has
 * it that was given {@code DDIMScheduler.from_config} of that file: the file's keys whichever
 * scheduler it was written for, DDIM's defaults for those that are absent, and two values that the
 * pipeline sets whatever the file says: {@code clip_sample} is false, {@code steps_offset} is 1.
 * What only other schedulers know (Karras sigmas, the order of a solver) has no effect, as there.
 *
 * @param className the scheduler the file was written for, e.g. {@code PNDMScheduler}
 * @param trainTimesteps number of noise levels, 1000
 * @param betaStart first beta
 * @param betaEnd last beta
 * @param betaSchedule {@code linear}, {@code scaled_linear} or {@code squaredcos_cap_v2}
 * @param trainedBetas explicit betas, or empty
 * @param setAlphaToOne whether the step after the last has alphas_cumprod 1, else that of timestep
 *     0
 * @param predictionType {@code epsilon}, {@code v_prediction} or {@code sample}
 * @param timestepSpacing {@code leading}, {@code trailing} or {@code linspace}
 * @param rescaleBetasZeroSnr whether betas are rescaled to end at zero signal
 */
public record SchedulerConfig(
    String className,
    int trainTimesteps,
    double betaStart,
    double betaEnd,
    String betaSchedule,
    List<Double> trainedBetas,
    boolean setAlphaToOne,
    String predictionType,
    String timestepSpacing,
    boolean rescaleBetasZeroSnr) {

  /** The pipeline's {@code steps_offset}: added to the timesteps of the leading spacing. */
  public static final int STEPS_OFFSET = 1;

  private static final int MOST_TIMESTEPS = 100_000;

  /** Those that noise as DDIM does. Others (flow matching, EDM) mean other models. */
  private static final Set<String> KNOWN =
      Set.of(
          "DDIMInverseScheduler",
          "DDIMParallelScheduler",
          "DDIMScheduler",
          "DDPMParallelScheduler",
          "DDPMScheduler",
          "DEISMultistepScheduler",
          "DPMSolverMultistepInverseScheduler",
          "DPMSolverMultistepScheduler",
          "DPMSolverSDEScheduler",
          "DPMSolverSinglestepScheduler",
          "EulerAncestralDiscreteScheduler",
          "EulerDiscreteScheduler",
          "HeunDiscreteScheduler",
          "KDPM2AncestralDiscreteScheduler",
          "KDPM2DiscreteScheduler",
          "LCMScheduler",
          "LMSDiscreteScheduler",
          "PNDMScheduler",
          "SASolverScheduler",
          "TCDScheduler",
          "UniPCMultistepScheduler");

  /**
   * Reads a scheduler_config.json.
   *
   * @throws org.realera.RealeraException not found or damaged; names file, key, expected and found
   */
  public static SchedulerConfig read(Path file) {
    ConfigJson json = ConfigJson.read(file);
    String className = json.oneOf("_class_name", "DDIMScheduler", KNOWN);
    json.mustBeOff("thresholding");
    int timesteps = json.count("num_train_timesteps", 1000, MOST_TIMESTEPS);
    List<Double> betas = betas(json);
    if (!betas.isEmpty() && betas.size() != timesteps) {
      throw json.wrong("trained_betas", timesteps + " numbers", betas.size() + " numbers");
    }
    return new SchedulerConfig(
        className,
        timesteps,
        beta(json, "beta_start", 0.0001),
        beta(json, "beta_end", 0.02),
        json.oneOf(
            "beta_schedule", "linear", Set.of("linear", "scaled_linear", "squaredcos_cap_v2")),
        betas,
        json.flag("set_alpha_to_one", true),
        json.oneOf("prediction_type", "epsilon", Set.of("epsilon", "v_prediction", "sample")),
        json.oneOf("timestep_spacing", "leading", Set.of("leading", "trailing", "linspace")),
        json.flag("rescale_betas_zero_snr", false));
  }

  private static double beta(ConfigJson json, String key, double fallback) {
    double beta = json.real(key, fallback);
    if (!(beta > 0 && beta < 1)) {
      throw json.wrong(key, "a number between 0 and 1", beta);
    }
    return beta;
  }

  private static List<Double> betas(ConfigJson json) {
    JsonNode value = json.value("trained_betas");
    if (value == null) {
      return List.of();
    }
    if (!value.isArray() || value.isEmpty()) {
      throw json.wrong("trained_betas", "a list of numbers", value);
    }
    List<Double> betas = new ArrayList<>();
    for (JsonNode beta : value) {
      if (!beta.isNumber() || !(beta.doubleValue() > 0 && beta.doubleValue() < 1)) {
        throw json.wrong("trained_betas", "numbers between 0 and 1", beta);
      }
      betas.add(beta.doubleValue());
    }
    return List.copyOf(betas);
  }
}
