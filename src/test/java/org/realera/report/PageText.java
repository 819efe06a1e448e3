package org.realera.report;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a page says from top to bottom, a line for each piece of text. */
final class PageText {
  private static final Pattern DRAWING = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);
  private static final Pattern IMAGE =
      Pattern.compile(
          "<img alt=\"([^\"]*)\" width=\"(\\d+)\" height=\"(\\d+)\" src=\"data:image/png;[^\"]*\">");
  private static final Pattern SHORT = Pattern.compile("</?(?:sub|small)>");
  private static final Pattern TAG = Pattern.compile("<[^>]*>");

  private PageText() {}

  /** The body of a page; images as {@code [words 4x3]}, drawings as {@code [drawing]}. */
  static List<String> of(String html) {
    String body = html.substring(html.indexOf("<body>"), html.indexOf("</body>"));
    String text = DRAWING.matcher(body).replaceAll("\n[drawing]\n");
    text = IMAGE.matcher(text).replaceAll("\n[$1 $2x$3]\n");
    text = TAG.matcher(SHORT.matcher(text).replaceAll(" ")).replaceAll("\n");
    return Stream.of(text.split("\n"))
        .map(line -> line.strip().replaceAll(" +", " "))
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
