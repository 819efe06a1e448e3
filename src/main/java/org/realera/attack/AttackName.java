package org.realera.attack;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The attacks of {@code --attacks}, with what each calls itself and what it needs. */
public enum AttackName {
  /** Prompts that mean the concept without naming it. */
  IMPLICIT("Implicit prompts", Need.IMAGES),
  /** Tokens before the prompt, drawn by lot: what a search has to beat. */
  RANDOM_WORDS("Random words", Need.TEXT_ENCODER),
  /** The embedding that the edited projections map back to the concept (RECE, eq. 8). */
  PROBE("Closed-form probe", Need.BASELINE),
  /** Ring-A-Bell's concept direction, added to the prompt's embedding. */
  RING_A_BELL_DIRECTION("Ring-A-Bell, direction", Need.TEXT_ENCODER),
  /** Ring-A-Bell's genetic search for tokens near that embedding. */
  RING_A_BELL("Ring-A-Bell", Need.TEXT_ENCODER),
  /** Free rows before the prompt (AdvUnlearn). */
  SOFT_PROMPT("Soft prompt", Need.BASELINE),
  /** Discrete tokens before the prompt, through the simplex (UnlearnDiffAtk). */
  UNLEARNDIFF("UnlearnDiffAtk", Need.BASELINE),
  /** Prompting4Debugging, free tokens alone. */
  P4D_N("P4D-N", Need.BASELINE),
  /** Prompting4Debugging, a free token after every few of the prompt's. */
  P4D_K("P4D-K", Need.BASELINE),
  /**
   * Textual inversion on the erased model: what its weights can still draw, not what words reach.
   */
  INVERSION("Concept inversion", Need.BASELINE);

  /** What an attack reads beside the erased model's images. */
  public enum Need {
    /** Nothing else. */
    IMAGES,
    /** The text encoder. */
    TEXT_ENCODER,
    /** The original model: its weights or its images. */
    BASELINE
  }

  private final String title;
  private final Need need;

  AttackName(String title, Need need) {
    this.title = title;
    this.need = need;
  }

  /** As options, tables' files and folders have it: {@code ring-a-bell}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As tables and pages have it. */
  public String title() {
    return title;
  }

  public Need need() {
    return need;
  }

  /** The group of settings that it reads; empty for none. */
  public String group() {
    return switch (this) {
      case IMPLICIT -> "";
      case RANDOM_WORDS -> "random_words";
      case PROBE -> "probe";
      case RING_A_BELL_DIRECTION, RING_A_BELL -> "ring_a_bell";
      case SOFT_PROMPT -> "soft_prompt";
      case UNLEARNDIFF -> "unlearndiff";
      case P4D_N, P4D_K -> "p4d";
      case INVERSION -> "inversion";
    };
  }

  /** What is done if none is named: no gradients, and one image of each prompt. */
  public static List<AttackName> quick() {
    return List.of(IMPLICIT, PROBE, RING_A_BELL_DIRECTION, RING_A_BELL);
  }

  /** The names of all. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(AttackName::label).toList();
  }
}
