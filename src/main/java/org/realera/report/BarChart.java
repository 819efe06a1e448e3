package org.realera.report;

import gg.jte.Content;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bar for each set of images with its interval; all of one scale.
 *
 * @param open whether the figures are those of the open set
 * @param original whether there are bars of the original model, too
 * @param groups sets that belong together
 */
public record BarChart(boolean open, boolean original, List<Group> groups) {

  /**
   * Sets that belong together.
   *
   * @param style the class of their bars
   */
  public record Group(String title, String style, List<Bar> bars) {}

  /**
   * One set, in percent.
   *
   * @param low lower end of the interval
   * @param high upper end
   * @param before the original model's figure, if there is one
   */
  public record Bar(
      String name, String style, double value, double low, double high, @Nullable Double before) {

    /** What stands left of the bar. */
    public String title() {
      return name.replace('-', ' ');
    }

    /** What stands right of it. */
    public String text() {
      return before == null ? Svg.one(value) : Svg.one(before) + " → " + Svg.one(value);
    }

    /** The bar. */
    public Content drawing() {
      Svg svg = new Svg();
      svg.start(
          "svg",
          "viewBox",
          "0 0 100 10",
          "preserveAspectRatio",
          "none",
          "role",
          "img",
          "aria-label",
          name + ": " + text() + " percent, interval " + Svg.one(low) + " to " + Svg.one(high));
      for (int x = 0; x <= 100; x += 25) {
        line(svg, "grid", String.valueOf(x), String.valueOf(x), "0", "10");
      }
      if (before != null) {
        rect(svg, "before", before, 1, 2.5);
      }
      rect(svg, style, value, before == null ? 2.5 : 4, 5);
      String y = before == null ? "5.0" : "6.5";
      line(svg, "whisker", Svg.two(low), Svg.two(high), y, y);
      return svg.end("svg");
    }

    private static void line(Svg svg, String style, String x1, String x2, String y1, String y2) {
      String fixed = "non-scaling-stroke";
      svg.empty(
          "line", "class", style, "vector-effect", fixed, "x1", x1, "x2", x2, "y1", y1, "y2", y2);
    }

    private static void rect(Svg svg, String style, double length, double y, double height) {
      String width = Svg.two(Math.max(0.2, length));
      svg.empty("rect", "class", style, "x", 0, "y", y, "width", width, "height", height);
    }
  }
}
