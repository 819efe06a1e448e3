package org.realera.erase;

import java.util.regex.Pattern;
import org.realera.files.PlainText;

/** Words that may be anybody's, as they stand in a page that is written in Markdown. */
final class Markdown {
  /** What begins emphasis, code, a link, an image, a table or a heading. */
  private static final Pattern MARKS = Pattern.compile("[\\\\`*\\[\\]!|~#]");

  /** Within a word, as in file names, it is none. */
  private static final Pattern UNDERSCORE = Pattern.compile("(?<![\\p{L}\\d])_|_(?![\\p{L}\\d])");

  /** What GitHub and the hub make a link of without being asked: addresses. */
  private static final Pattern ADDRESS = Pattern.compile("(?i):(?=//)|(?<=\\bwww)\\.|@");

  private Markdown() {}

  /** The words in one line, which show as they are: neither Markdown nor HTML. */
  static String text(String words) {
    String line = PlainText.line(words.strip().replaceAll("\\s+", " "));
    String html = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    String plain = UNDERSCORE.matcher(MARKS.matcher(html).replaceAll("\\\\$0")).replaceAll("\\\\_");
    return ADDRESS.matcher(plain).replaceAll(found -> "&#" + (int) found.group().charAt(0) + ";");
  }
}
