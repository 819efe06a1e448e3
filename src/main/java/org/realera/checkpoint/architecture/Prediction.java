package org.realera.checkpoint.architecture;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.realera.RealeraException;

/** What a U-Net was trained to predict; the same network either way, so its shape does not tell. */
public enum Prediction {
  EPSILON("epsilon", "epsilon"),
  V("v_prediction", "v");

  private final String key;
  private final String modelSpec;

  Prediction(String key, String modelSpec) {
    this.key = key;
    this.modelSpec = modelSpec;
  }

  /** As diffusers' schedulers call it. */
  public String key() {
    return key;
  }

  /** As {@code modelspec.prediction_type} calls it. */
  public String modelSpec() {
    return modelSpec;
  }

  /** Either name, in any case; else empty. */
  public static Optional<Prediction> find(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(p -> p.key.equals(lower) || p.modelSpec.equals(lower))
        .findFirst();
  }

  /**
   * Reads what a user wrote.
   *
   * @throws RealeraException (usage) for anything else
   */
  public static Prediction of(String name) {
    return find(name)
        .orElseThrow(
            () ->
                RealeraException.usage(
                    "unknown prediction '" + name + "'", "Use --prediction epsilon or v."));
  }
}
