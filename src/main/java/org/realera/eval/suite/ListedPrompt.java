package org.realera.eval.suite;

import org.jspecify.annotations.Nullable;

/**
 * One line of a prompt list.
 *
 * @param prompt as it stands there
 * @param seed the line's own, or null in a line without; the lists of suites are numbered
 * @param guidance the line's own guidance scale, or null in a list without
 */
public record ListedPrompt(String prompt, @Nullable Long seed, @Nullable Double guidance) {
  /**
   * The same with a seed: its own, or else its index.
   *
   * @param index from 0
   */
  public ListedPrompt numbered(int index) {
    return new ListedPrompt(prompt, seedOr(index), guidance);
  }

  /** Its own seed, or another in a line without. */
  public long seedOr(long other) {
    Long own = seed;
    return own == null ? other : own;
  }
}
