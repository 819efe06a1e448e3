package org.realera.config;

import java.util.List;

/**
 * The settings of UCE's first script, which made the paper's figures.
 *
 * @param guide what concepts are moved to
 * @param eraseScale weight of each of a concept's rows
 * @param preserveScale weight of each row of a text that is held; 0: {@link #preserveScale(int)}
 * @param lamb lambda, the ridge
 * @param expandPrompts templates that concept and guide go through beside standing alone
 */
public record Uce2023Settings(
    Guide guide, double eraseScale, double preserveScale, double lamb, List<String> expandPrompts)
    implements MethodSettings {

  public Uce2023Settings {
    Check.notNegative("erase_scale", eraseScale);
    Check.notNegative("preserve_scale", preserveScale);
    Check.notNegative("lamb", lamb);
    expandPrompts = Check.templates("expand_prompts", expandPrompts);
  }

  /**
   * The weight of each row that is held: unless it is set, max(0.1, 1 / n).
   *
   * @param texts n, how many are held, the empty prompt among them
   */
  public double preserveScale(int texts) {
    return preserveScale > 0 ? preserveScale : Math.max(0.1, 1.0 / texts);
  }

  @Override
  public boolean readsAnchors() {
    return guide == Guide.ANCHOR;
  }
}
