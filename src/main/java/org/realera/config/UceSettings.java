package org.realera.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * UCE's settings, by the names of its script of 2025.
 *
 * @param guide what concepts are moved to
 * @param eraseScale weight of each concept's row
 * @param preserveScale weight of each preserved concept's row
 * @param lamb lambda, the ridge
 * @param expandPrompts templates that concept and guide go through beside standing alone
 */
public record UceSettings(
    Guide guide, double eraseScale, double preserveScale, double lamb, List<String> expandPrompts)
    implements MethodSettings {

  public UceSettings {
    Check.notNegative("erase_scale", eraseScale);
    Check.notNegative("preserve_scale", preserveScale);
    Check.notNegative("lamb", lamb);
    expandPrompts = Check.templates("expand_prompts", expandPrompts);
  }

  @Override
  public @Nullable String preserveOff() {
    return preserveScale == 0 ? "preserve_scale is 0" : null;
  }

  @Override
  public boolean readsAnchors() {
    return guide == Guide.ANCHOR;
  }
}
