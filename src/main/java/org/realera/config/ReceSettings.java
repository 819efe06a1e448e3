package org.realera.config;

/**
 * RECE's settings, by the names of its scripts. It begins with an erasure by UCE of 2023 with that
 * one's published settings.
 *
 * @param guide what concepts, and later the attacks, are moved to
 * @param epochs attacks, each answered by another closed form
 * @param regularScale keeps an attack's embedding small
 * @param eraseScale weight of each of an attack's rows
 * @param preserveScale weight of each row of a text that is held
 * @param lamb lambda, the ridge of each answer
 */
public record ReceSettings(
    Guide guide,
    int epochs,
    double regularScale,
    double eraseScale,
    double preserveScale,
    double lamb)
    implements MethodSettings {
  private static final int MOST_EPOCHS = 1000;

  public ReceSettings {
    Check.upTo("epochs", epochs, MOST_EPOCHS);
    Check.positive("regular_scale", regularScale);
    Check.notNegative("erase_scale", eraseScale);
    Check.notNegative("preserve_scale", preserveScale);
    Check.notNegative("lamb", lamb);
  }

  @Override
  public boolean readsAnchors() {
    return guide == Guide.ANCHOR;
  }
}
