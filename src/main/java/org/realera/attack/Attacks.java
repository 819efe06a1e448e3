package org.realera.attack;

import org.realera.config.AttackSettings;

/** From names to attacks. */
public final class Attacks {
  private Attacks() {}

  /**
   * An attack.
   *
   * @throws IllegalArgumentException for {@link AttackName#IMPLICIT}, which is a list of prompts
   */
  public static Attack of(AttackName name, AttackSettings settings) {
    throw new UnsupportedOperationException(name.label());
  }
}
