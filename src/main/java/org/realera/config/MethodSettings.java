package org.realera.config;

/**
 * What only one method has: each component of the record is a key at the top of its recipes. A
 * recipe of another method refuses it by name.
 */
public sealed interface MethodSettings
    permits OceSettings,
        RealEraSettings,
        ReceSettings,
        SpeedSettings,
        Uce2023Settings,
        UceSettings {

  /** Whether the method holds real text, which a file of captions may give. */
  default boolean hasPrior() {
    return false;
  }
}
