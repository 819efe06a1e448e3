package org.realera.config;

/**
 * The most that a number may be which decides how much memory or time is taken. Far beyond what
 * makes sense, near enough that a slip of the keyboard is an error at once.
 */
public final class Limits {
  /** Sampling steps; a model's own noise levels may allow fewer. */
  public static final int STEPS = 100_000;

  /** Images of one prompt that {@code generate} draws. */
  public static final int PICTURES = 100_000;

  /** Images of one prompt in a suite or a report, or of an anchor. */
  public static final int SAMPLES = 10_000;

  /** Images of a run of {@code eval}; the largest suite draws 30,000. */
  public static final int IMAGES = 10_000_000;

  /** Images or latents at once. */
  public static final int BATCH = 1024;

  /** Height and width of an image in pixels. */
  public static final int PIXELS = 8192;

  /** Rank of a low-rank change; no projection of Stable Diffusion has more. */
  public static final int RANK = 4096;

  /** Tokens that an attack adds; between start and end token is no room for more. */
  static final int FREE_TOKENS = 75;

  /** Prompts of the prior; more than there are words means all. */
  static final int PROMPTS = 1_000_000;

  /** Optimiser steps. */
  static final int TRAINING_STEPS = 1_000_000;

  private Limits() {}
}
