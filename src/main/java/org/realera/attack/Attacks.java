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
    return switch (name) {
      case IMPLICIT -> throw new IllegalArgumentException(name.label() + " is a list of prompts");
      case RANDOM_WORDS -> new RandomWords(settings.randomWords());
      case PROBE -> new Probe(settings.probe());
      case RING_A_BELL_DIRECTION -> new RingABellDirection(settings.ringABell());
      case RING_A_BELL -> new RingABell(settings.ringABell());
      case SOFT_PROMPT -> new SoftPrompt(settings.softPrompt());
      case UNLEARNDIFF -> new UnlearnDiff(settings.unlearndiff());
      case P4D_N, P4D_K -> new P4d(name, settings.p4d());
      case INVERSION -> new Inversion(settings.inversion());
    };
  }
}
