package org.realera.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The alignment's losses as an inline SVG: a dot for each step, a running mean through odd steps
 * (eq. 8) and one through even steps (eq. 9), whose losses are not of one size.
 */
final class LossCurve {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 280;
  private static final int LEFT = 64;
  private static final int RIGHT = 92;
  private static final int TOP = 14;
  private static final int BOTTOM = 34;

  /** Names of lines that end closer together than this would overlap. */
  private static final double APART = 16;

  private final List<Double> losses;
  private final double top;

  private LossCurve(List<Double> losses) {
    this.losses = losses;
    this.top = niceTop(losses.stream().mapToDouble(Double::doubleValue).max().orElse(1));
  }

  /**
   * The image.
   *
   * @param losses of steps 1, 2, ...; at least one, all finite
   */
  static Svg svg(List<Double> losses) {
    return new LossCurve(losses).draw();
  }

  private Svg draw() {
    Svg svg = new Svg();
    int steps = losses.size();
    svg.start(
            "svg",
            "viewBox",
            "0 0 " + WIDTH + " " + HEIGHT,
            "role",
            "img",
            "aria-label",
            "Loss of each of " + steps + " steps")
        .newLine();
    for (int i = 0; i <= 4; i++) {
      double value = top * i / 4;
      double y = y(value);
      svg.empty("line", "class", "grid", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", y, "y2", y)
          .start("text", "x", LEFT - 8, "y", y + 4, "text-anchor", "end")
          .text(label(value, top / 4))
          .end("text")
          .newLine();
    }
    for (int i = 0; i <= 4; i++) {
      int step = Math.round(1 + (steps - 1) * i / 4f);
      if (i == 0 || step != Math.round(1 + (steps - 1) * (i - 1) / 4f)) {
        svg.start("text", "x", x(step), "y", HEIGHT - 10, "text-anchor", "middle")
            .text((i == 0 ? "step " : "") + step)
            .end("text")
            .newLine();
      }
    }
    Series odd = series("odd", 1);
    Series even = series("even", 2);
    double overlap = even.isEmpty() ? 0 : Math.max(0, APART - Math.abs(odd.end - even.end)) / 2;
    double down = odd.end < even.end ? -overlap : overlap;
    // Neither above the chart nor in the steps' numbers.
    double middle = (odd.end + even.end) / 2;
    double room = HEIGHT - BOTTOM - APART / 2;
    double shift = overlap == 0 ? 0 : Math.min(room, Math.max(TOP + APART / 2, middle)) - middle;
    odd.draw(svg, "odd steps", shift + down);
    if (!even.isEmpty()) {
      even.draw(svg, "even steps", shift - down);
    }
    return svg.end("svg").newLine();
  }

  private Series series(String style, int first) {
    List<Double> own = new ArrayList<>();
    List<Dot> dots = new ArrayList<>();
    List<String> line = new ArrayList<>();
    int window = Math.max(1, losses.size() / 20);
    double y = 0;
    for (int step = first; step <= losses.size(); step += 2) {
      double loss = losses.get(step - 1);
      own.add(loss);
      dots.add(new Dot(x(step), y(loss)));
      var recent = own.subList(Math.max(0, own.size() - window), own.size());
      y = y(recent.stream().mapToDouble(Double::doubleValue).average().orElse(0));
      line.add(Svg.one(x(step)) + "," + Svg.one(y));
    }
    return new Series(style, dots, String.join(" ", line), y);
  }

  private record Dot(double x, double y) {}

  /**
   * Dots and a line.
   *
   * @param end where the line ends, from above
   */
  private record Series(String style, List<Dot> dots, String line, double end) {
    boolean isEmpty() {
      return dots.isEmpty();
    }

    void draw(Svg svg, String name, double shift) {
      svg.start("g", "class", style);
      dots.forEach(dot -> svg.empty("circle", "cx", dot.x, "cy", dot.y, "r", 2.2));
      svg.empty("polyline", "points", line)
          .start("text", "x", WIDTH - RIGHT + 8, "y", end + shift + 4)
          .text(name)
          .end("text")
          .end("g")
          .newLine();
    }
  }

  private double x(int step) {
    double part = losses.size() == 1 ? 0.5 : (step - 1) / (double) (losses.size() - 1);
    return LEFT + part * (WIDTH - LEFT - RIGHT);
  }

  private double y(double loss) {
    return HEIGHT - BOTTOM - loss / top * (HEIGHT - TOP - BOTTOM);
  }

  /** The least round number that is not below the value and whose quarters are short. */
  private static double niceTop(double max) {
    if (!(max > 0)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(max)));
    for (double digit : new double[] {1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8}) {
      if (max <= digit * power) {
        return digit * power;
      }
    }
    return 10 * power;
  }

  /**
   * A tick in words, all ticks of an axis in one form.
   *
   * @param first the least tick above 0: quarters of it are short, so two digits say it
   */
  private static String label(double value, double first) {
    if (value == 0) {
      return "0";
    }
    boolean plain = first >= 0.001 && 4 * first < 1_000; // from there on %.4g has no point
    return plain
        ? String.format(Locale.ROOT, "%.4g", value).replaceAll("0+$", "").replaceAll("\\.$", "")
        : String.format(Locale.ROOT, "%.1e", value);
  }
}
