package org.realera.config;

/** Prompts with a place for words, such as <code>a photo of a {}</code>. */
public final class Template {
  /** Where the words go; alone, a template that says nothing else. */
  public static final String SLOT = "{}";

  private Template() {}

  /** The template with the words in their place. */
  public static String fill(String template, String words) {
    return template.replace(SLOT, words);
  }

  /** Whether it has one place for words, and no other. */
  public static boolean isOne(String text) {
    int at = text.indexOf(SLOT);
    return at >= 0 && at == text.lastIndexOf(SLOT);
  }
}
