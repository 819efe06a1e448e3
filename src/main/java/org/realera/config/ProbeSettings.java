package org.realera.config;

/**
 * The probe of RECE (Gong et al., ECCV 2024), eq. 8.
 *
 * @param regularScale rho: keeps the probe's embedding small
 */
public record ProbeSettings(double regularScale) {

  public ProbeSettings {
    Check.positive("probe.regular_scale", regularScale);
  }
}
