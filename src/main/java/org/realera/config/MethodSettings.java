package org.realera.config;

/**
 * What only one method has: each component of the record is a key at the top of its recipes. A
 * recipe of another method refuses it by name.
 */
public sealed interface MethodSettings
    permits AcSettings, EsdSettings, FmnSettings, MaceSettings, RealEraSettings, SaSettings {

  /** Whether the method can keep the concepts of the recipe's {@code preserve}. */
  default boolean preserves() {
    return true;
  }
}
