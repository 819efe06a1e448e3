package org.realera.checkpoint.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What {@code scheduler/scheduler_config.json} says, read as {@code DDIMScheduler.from_config}
 * reads the configuration of any scheduler: same keys, DDIM's defaults for those that are absent.
 *
 * @param className the scheduler the file was written for, e.g. {@code PNDMScheduler}
 * @param trainTimesteps number of noise levels, 1000
 * @param betaStart first beta
 * @param betaEnd last beta
 * @param betaSchedule {@code linear}, {@code scaled_linear} or {@code squaredcos_cap_v2}
 * @param trainedBetas explicit betas, or empty
 * @param stepsOffset added to every inference timestep
 * @param setAlphaToOne whether the step after the last has alpha-bar 1, else that of timestep 0
 * @param clipSample whether predicted originals are clipped
 * @param clipSampleRange to plus and minus this
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
    int stepsOffset,
    boolean setAlphaToOne,
    boolean clipSample,
    double clipSampleRange,
    String predictionType,
    String timestepSpacing,
    boolean rescaleBetasZeroSnr) {

  /**
   * Reads a scheduler_config.json.
   *
   * @throws org.realera.RealeraException not found or damaged; names file, key, expected and found
   */
  public static SchedulerConfig read(Path file) {
    ConfigJson json = ConfigJson.read(file);
    String className = json.text("_class_name", "DDIMScheduler");
    json.mustBe("thresholding", Set.of("false"));
    int timesteps = json.count("num_train_timesteps", 1000);
    List<Double> betas = betas(json);
    if (!betas.isEmpty() && betas.size() != timesteps) {
      throw json.wrong("trained_betas", timesteps + " numbers", betas.size() + " numbers");
    }
    return new SchedulerConfig(
        className,
        timesteps,
        json.real("beta_start", 0.0001),
        json.real("beta_end", 0.02),
        json.oneOf(
            "beta_schedule", "linear", Set.of("linear", "scaled_linear", "squaredcos_cap_v2")),
        betas,
        json.integer("steps_offset", 0),
        // PNDM's own default differs from DDIM's, and its configuration carries it over.
        json.flag("set_alpha_to_one", !className.equals("PNDMScheduler")),
        json.flag("clip_sample", true),
        json.real("clip_sample_range", 1.0),
        json.oneOf("prediction_type", "epsilon", Set.of("epsilon", "v_prediction", "sample")),
        json.oneOf("timestep_spacing", "leading", Set.of("leading", "trailing", "linspace")),
        json.flag("rescale_betas_zero_snr", false));
  }

  private static List<Double> betas(ConfigJson json) {
    JsonNode value = json.value("trained_betas");
    if (value == null) {
      return List.of();
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
