package org.realera.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTML pages made of a template in the jar, whose slots read <code>{{name}}</code>. */
public final class Page {
  private static final String FOLDER = "/org/realera/report/";
  private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");

  private Page() {}

  /**
   * Fills a template.
   *
   * @param template e.g. {@code scope.html}
   * @param slots name to HTML; what is not named stays empty
   */
  public static String of(String template, Map<String, String> slots) {
    return SLOT.matcher(read(template))
        .replaceAll(m -> Matcher.quoteReplacement(slots.getOrDefault(m.group(1), "")));
  }

  private static String read(String template) {
    try (InputStream in = Page.class.getResourceAsStream(FOLDER + template)) {
      if (in == null) {
        throw new IllegalStateException(template + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Text as HTML, in attributes too. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
