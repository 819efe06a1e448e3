package org.realera.report;

import gg.jte.Content;
import gg.jte.TemplateOutput;
import gg.jte.html.escape.Escape;
import gg.jte.output.StringOutput;
import java.util.Locale;

/**
 * A drawing that a template takes in as it is: inline SVG. Attributes and texts are escaped here,
 * as the templates escape theirs.
 */
final class Svg implements Content {
  private final StringOutput out = new StringOutput();

  /**
   * Begins an element.
   *
   * @param attributes name, value, name, value ...; a {@link Double} has one decimal
   */
  Svg start(String element, Object... attributes) {
    tag(element, attributes);
    out.writeContent(">");
    return this;
  }

  /** An element without content; attributes as in {@link #start}. */
  Svg empty(String element, Object... attributes) {
    tag(element, attributes);
    out.writeContent("/>");
    return this;
  }

  Svg text(String text) {
    Escape.htmlContent(text, out);
    return this;
  }

  Svg end(String element) {
    out.writeContent("</" + element + ">");
    return this;
  }

  /** Begins a new line of the file. */
  Svg newLine() {
    out.writeContent("\n");
    return this;
  }

  private void tag(String element, Object... attributes) {
    out.writeContent("<" + element);
    for (int i = 0; i < attributes.length; i += 2) {
      out.writeContent(" " + attributes[i] + "=\"");
      Object value = attributes[i + 1];
      Escape.htmlAttribute(value instanceof Double d ? one(d) : value.toString(), out);
      out.writeContent("\"");
    }
  }

  /** With one decimal. */
  static String one(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** With two decimals. */
  static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  @Override
  public void writeTo(TemplateOutput output) {
    output.writeContent(out.toString());
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
