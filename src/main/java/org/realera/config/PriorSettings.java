package org.realera.config;

import java.util.List;

/**
 * Where a method's prior of real text comes from, if it has one.
 *
 * @param captions a file of captions, see {@code org.realera.text.Captions}; {@code vocabulary}:
 *     words of the model's own
 * @param without words that no text of the prior may have, beside the concepts: what is measured
 *     afterwards should not have been held on purpose
 */
public record PriorSettings(String captions, List<String> without) {
  /** No file: words of the model's vocabulary. */
  private static final String VOCABULARY = "vocabulary";

  public PriorSettings {
    captions = Check.path("prior.captions", captions);
    without = Check.names("prior.without", without);
  }

  /** Whether a file gives the texts. */
  public boolean hasFile() {
    return !captions.equals(VOCABULARY);
  }
}
