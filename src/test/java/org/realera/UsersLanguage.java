package org.realera;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;

/** A JVM in another language than ours, until it is closed. */
public final class UsersLanguage implements AutoCloseable {
  /** Has digits of its own. */
  public static final String ARABIC = "ar-EG-u-nu-arab";

  /** Its i has two forms, and neither is ours. */
  public static final String TURKISH = "tr-TR";

  /** Counts the years from the Buddha. */
  public static final String THAI = "th-TH-u-ca-buddhist-nu-thai";

  private final Locale before = Locale.getDefault();

  /**
   * @param tag BCP 47
   */
  public UsersLanguage(String tag) {
    Locale.setDefault(Locale.forLanguageTag(tag));
    assertThat(String.format("%d %.1f", 12, 3.4) + "I".toLowerCase(Locale.getDefault()))
        .as("the premise: without care, results differ")
        .isNotEqualTo("12 3.4i");
  }

  @Override
  public void close() {
    Locale.setDefault(before);
  }
}
