package org.realera.report;

import java.util.ArrayList;
import java.util.List;
import org.realera.report.ScopeReport.Range;
import org.realera.report.ScopeReport.Text;

/** A range as inline SVG: a dot for each text, names for the nearest. */
final class ScopeChart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 360;
  private static final int LEFT = 46;
  private static final int BOTTOM = 34;
  private static final int TOP = 14;
  private static final int NAMED = 14;
  private static final int LONGEST = 24;

  /** Names nearer than this would lie on each other. */
  private static final double LINE = 13;

  private final Range range;
  private final double right;
  private final double floor;
  private final Svg svg = new Svg();

  private ScopeChart(Range range) {
    this.range = range;
    double far = range.texts().stream().mapToDouble(Text::distance).max().orElse(1);
    this.right = 1.05 * Math.max(far, range.d2());
    double low = range.texts().stream().mapToDouble(Text::cosine).min().orElse(0);
    this.floor = Math.min(0, Math.floor(low * 5) / 5);
  }

  static Svg svg(Range range) {
    return new ScopeChart(range).draw();
  }

  private Svg draw() {
    svg.start(
            "svg",
            "viewBox",
            "0 0 " + WIDTH + " " + HEIGHT,
            "role",
            "img",
            "aria-label",
            "Distance and cosine of " + range.texts().size() + " texts")
        .newLine();
    band("inside", 0, range.d1());
    band("between", range.d1(), range.d2());
    label(x(0) + 6, TOP + 14, "inside D1");
    label(x(range.d1()) + 6, TOP + 14, "between");
    label(x(range.d2()) + 6, TOP + 14, "beyond D2");
    for (double c = floor; c <= 1.001; c += 0.2) {
      label(6, y(c) + 4, Svg.one(c));
    }
    for (double d : List.of(range.d1(), range.d2())) {
      label(x(d) - 12, HEIGHT - 16, Svg.two(d));
    }
    label(WIDTH - 78, HEIGHT - 2, "distance →");
    label(LEFT, TOP - 3, "↑ cosine");
    range.texts().forEach(this::dot);
    names();
    return svg.end("svg").newLine();
  }

  private void dot(Text text) {
    svg.start(
            "circle",
            "class",
            text.kind(),
            "cx",
            x(text.distance()),
            "cy",
            y(text.cosine()),
            "r",
            text.small() && !text.isNamed() ? "2" : "3.5")
        .start("title")
        .text(
            "%s: distance %s, cosine %s"
                .formatted(text.text(), Svg.two(text.distance()), Svg.two(text.cosine())))
        .end("title")
        .end("circle")
        .newLine();
  }

  private void names() {
    List<double[]> taken = new ArrayList<>();
    for (Text text : range.texts().subList(0, Math.min(NAMED, range.texts().size()))) {
      double x = x(text.distance()) + 6;
      double y = y(text.cosine()) + 4;
      boolean free = taken.stream().allMatch(t -> Math.abs(t[1] - y) > LINE || x > t[0]);
      if (free) {
        String name = shortened(text.text());
        taken.add(new double[] {x + 7.0 * name.length(), y});
        label(x, y, name);
      }
    }
  }

  private void band(String zone, double from, double to) {
    double width = x(to) - x(from);
    int height = HEIGHT - BOTTOM - TOP;
    svg.empty("rect", "class", zone, "x", x(from), "y", TOP, "width", width, "height", height)
        .newLine();
  }

  private void label(double x, double y, String words) {
    svg.start("text", "x", x, "y", y).text(words).end("text").newLine();
  }

  private double x(double distance) {
    return LEFT + distance / right * (WIDTH - LEFT - 8);
  }

  private double y(double cosine) {
    return TOP + (1 - cosine) / (1 - floor) * (HEIGHT - BOTTOM - TOP);
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }
}
