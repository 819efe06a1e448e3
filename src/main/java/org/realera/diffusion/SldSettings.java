package org.realera.diffusion;

import java.util.List;
import org.realera.RealeraException;

/**
 * How strongly Safe Latent Diffusion guides: the paper's hyper-parameters, by the names that {@link
 * SafeLatentDiffusion} uses.
 *
 * <p>The constants are the four configurations that Schramowski et al., "Safe Latent Diffusion",
 * CVPR 2023, publish as Hyp-Weak to Hyp-Max; they stand in the model card of
 * AIML-TUDA/stable-diffusion-safe, too. diffusers' {@code SafetyConfig} has the same numbers but
 * one: its {@code WEAK} has a scale of 20 where the card has 200.
 *
 * @param name what the command line and the files call them
 * @param warmup delta, steps at the start that are not guided; momentum builds up during them
 * @param scale s_S, by which the difference of prompt and safety text becomes a weight
 * @param threshold lambda: where the difference, with its sign, is not below it, nothing is guided
 * @param momentumScale s_m, the share of the momentum in the guidance
 * @param momentumDecay beta_m, the share of the old momentum in the new
 */
public record SldSettings(
    String name,
    int warmup,
    double scale,
    double threshold,
    double momentumScale,
    double momentumDecay) {
  public static final SldSettings WEAK = new SldSettings("weak", 15, 200, 0, 0, 0);
  public static final SldSettings MEDIUM = new SldSettings("medium", 10, 1000, 0.01, 0.3, 0.4);
  public static final SldSettings STRONG = new SldSettings("strong", 7, 2000, 0.025, 0.5, 0.7);
  public static final SldSettings MAX = new SldSettings("max", 0, 5000, 1, 0.5, 0.7);

  /** What comparisons of methods call it: {@code sld-medium}. */
  public String method() {
    return "sld-" + name;
  }

  /** The published ones, the weakest first. */
  public static final List<SldSettings> PUBLISHED = List.of(WEAK, MEDIUM, STRONG, MAX);

  /**
   * The published settings of that name.
   *
   * @throws RealeraException (usage) if there are none
   */
  public static SldSettings of(String name) {
    return PUBLISHED.stream()
        .filter(settings -> settings.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                RealeraException.usage(
                    "'" + name + "' is no strength of SLD", "Use weak, medium, strong or max."));
  }
}
