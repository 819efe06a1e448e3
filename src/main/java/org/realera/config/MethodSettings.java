package org.realera.config;

import org.jspecify.annotations.Nullable;

/**
 * What only one method has: each component of the record is a key at the top of its recipes. A
 * recipe of another method refuses it by name.
 */
public sealed interface MethodSettings
    permits AcSettings,
        EsdSettings,
        FmnSettings,
        MaceSettings,
        OceSettings,
        RealEraSettings,
        ReceSettings,
        SaSettings,
        SpeedSettings,
        SpmSettings,
        Uce2023Settings,
        UceSettings {

  /** Whether the method holds real text, which a file of captions may give. */
  default boolean hasPrior() {
    return false;
  }

  /** Whether the method can keep the concepts of the recipe's {@code preserve}. */
  default boolean preserves() {
    return true;
  }

  /** Whether the anchor has a part in what the method does. */
  default boolean readsAnchors() {
    return true;
  }

  /** The setting that leaves real text out, in words; null if it has a part. */
  default @Nullable String priorOff() {
    return null;
  }

  /** The setting that gives preserved concepts no weight, in words; null if they have one. */
  default @Nullable String preserveOff() {
    return null;
  }

  /** The setting that leaves a folder of masks unread, in words; null if none is left so. */
  default @Nullable String masksOff() {
    return null;
  }
}
