package org.realera.files;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Foreign text as it may be shown. On a terminal a control character is a command: it can clear the
 * screen, rename the window or put words into the next prompt; the marks that turn the direction of
 * writing make a text read as another. They are shown as {@code \}{@code u001b}, which says what
 * was there. The secrets of an address are masked, for what is shown ends up in logs.
 */
public final class PlainText {
  /** User and password, up to the host. */
  private static final Pattern USER = Pattern.compile("(?<=://)[^/\\s?#\"'<>]+@");

  /** The value of a key, a token or a signature. */
  private static final Pattern QUERY =
      Pattern.compile(
          "(?i)(://[^\\s\"'<>]*?[?&][\\w-]*(?:token|key|secret|password|signature|credential|sig)"
              + "[\\w-]*=)[^&\\s\"'<>]+");

  private PlainText() {}

  /**
   * The text without commands; tabs and line breaks stay. Of JSON the result is the same JSON: such
   * characters stand only within its texts, where this is how they are escaped.
   */
  public static String of(String text) {
    return shown(text, true);
  }

  /** The same in one line, for a value in a table or a sentence. */
  public static String line(String text) {
    return shown(text, false);
  }

  private static String masked(String text) {
    return text.contains("://")
        ? QUERY.matcher(USER.matcher(text).replaceAll("***@")).replaceAll("$1***")
        : text;
  }

  private static String shown(String foreign, boolean breaks) {
    String text = masked(foreign);
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean lineEnd = c == '\n' || (c == '\r' && text.startsWith("\n", i + 1));
      boolean keep = breaks && (lineEnd || c == '\t');
      if (!keep && isCommand(c)) {
        out = out == null ? new StringBuilder(text.substring(0, i)) : out;
        out.append(escape(c));
      } else if (out != null) {
        out.append(c);
      }
    }
    return out == null ? text : out.toString();
  }

  private static String escape(char c) {
    return String.format(Locale.ROOT, "\\u%04x", (int) c);
  }

  /** Controls (C0, DEL, C1), line and paragraph separators, and turns of the writing direction. */
  private static boolean isCommand(char c) {
    return Character.isISOControl(c)
        || (c >= '\u2028' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }
}
