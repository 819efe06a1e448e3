package org.realera.config;

import java.util.List;
import java.util.Locale;

/** Which projections of cross-attention a closed form edits. */
public enum Params {
  /** Values. */
  V,
  /** Keys. */
  K,
  /** Both. */
  KV;

  /**
   * The modules that are edited.
   *
   * @param projections names that end in {@code to_k} or {@code to_v}
   * @return those of them, in order
   */
  public List<String> of(List<String> projections) {
    return projections.stream()
        .filter(
            module ->
                name().contains(module.substring(module.length() - 1).toUpperCase(Locale.ROOT)))
        .toList();
  }
}
