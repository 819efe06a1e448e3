package org.realera.convert;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.realera.RealeraException;

/** What a model can be converted to. */
public enum Target {
  /** One file in the original layout of Stable Diffusion 1.x or 2.x. */
  SINGLE_FILE,
  /** A folder for {@code from_pretrained}. */
  DIFFUSERS,
  /** The U-Net's tensors that differ from a base, under diffusers' names. */
  DELTA,
  /** The difference from a base as LoRA, for diffusers' {@code load_lora_weights}. */
  LORA,
  /** The same with the names that kohya's scripts gave to LoRA: for web UIs. */
  KOHYA;

  /** As on the command line: {@code single-file}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it says only what is different from another model. */
  public boolean needsBase() {
    return this == DELTA || isLora();
  }

  /** Whether it consists of low-rank factors. */
  public boolean isLora() {
    return this == LORA || this == KOHYA;
  }

  /**
   * Reads a name.
   *
   * @throws RealeraException (usage) for any other; lists them
   */
  public static Target of(String key) {
    return Arrays.stream(values())
        .filter(t -> t.key().equals(key.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                RealeraException.usage(
                    "a model can't be converted to '" + key + "'",
                    "Use --to "
                        + Arrays.stream(values()).map(Target::key).collect(Collectors.joining(", "))
                        + "."));
  }
}
