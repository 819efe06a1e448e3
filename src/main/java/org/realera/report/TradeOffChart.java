package org.realera.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.realera.report.LabelPlaces.Box;
import org.realera.report.TradeOff.Point;
import org.realera.report.TradeOff.Range;

/** A trade-off as inline SVG: crosses of intervals, points, names that do not lie on each other. */
final class TradeOffChart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 440;
  private static final int LEFT = 48;
  private static final int RIGHT = 14;
  private static final int TOP = 26;
  private static final int BOTTOM = 44;
  private static final double RADIUS = 4.5;

  private final TradeOff data;
  private final Axis horizontal;
  private final Axis vertical;
  private final Svg svg = new Svg();

  private TradeOffChart(TradeOff data) {
    this.data = data;
    this.horizontal = Axis.of(data.points(), Point::accS, LEFT, WIDTH - RIGHT);
    this.vertical = Axis.of(data.points(), Point::accG, HEIGHT - BOTTOM, TOP);
  }

  static Svg svg(TradeOff data) {
    return new TradeOffChart(data).draw();
  }

  private Svg draw() {
    svg.start(
            "svg",
            "class",
            "trade",
            "viewBox",
            "0 0 " + WIDTH + " " + HEIGHT,
            "role",
            "img",
            "aria-label",
            "Acc_s and Acc_g of " + data.points().size() + " models: " + data.title())
        .newLine();
    grid();
    List<Box> lines = new ArrayList<>(front());
    for (Point point : data.points()) {
      lines.addAll(cross(point));
    }
    data.points().forEach(this::dot);
    names(lines);
    return svg.end("svg").newLine();
  }

  private void grid() {
    for (double tick : horizontal.ticks()) {
      double x = horizontal.at(tick);
      line("grid", x, TOP, x, HEIGHT - BOTTOM);
      text("middle", x, HEIGHT - BOTTOM + 16, Axis.label(tick));
    }
    for (double tick : vertical.ticks()) {
      double y = vertical.at(tick);
      line("grid", LEFT, y, WIDTH - RIGHT, y);
      text("end", LEFT - 6, y + 4, Axis.label(tick));
    }
    text("start", LEFT - 40, 12, "↑ Acc_g, " + data.general() + ": what is left, in percent");
    text("end", WIDTH - RIGHT, HEIGHT - 8, "Acc_s, other concepts: what is kept, in percent →");
    text("start", LEFT, HEIGHT - 8, "Best: lower right");
  }

  /** The edge of what some method is better than, and the lines it is made of. */
  private List<Box> front() {
    List<Point> points =
        data.points().stream()
            .filter(Point::front)
            .sorted(Comparator.comparingDouble(point -> point.accS().value()))
            .toList();
    if (points.isEmpty()) {
      return List.of();
    }
    StringBuilder path = new StringBuilder();
    List<Box> lines = new ArrayList<>();
    double x = LEFT;
    double above = TOP;
    for (Point point : points) {
      double nextX = horizontal.at(point.accS().value());
      double y = vertical.at(point.accG().value());
      path.append(Svg.one(x)).append(',').append(Svg.one(y)).append(' ');
      path.append(Svg.one(nextX)).append(',').append(Svg.one(y)).append(' ');
      lines.add(Box.between(x, y, nextX, y));
      if (x > LEFT) {
        lines.add(Box.between(x, above, x, y));
      }
      above = y;
      x = nextX;
    }
    path.append(Svg.one(x)).append(',').append(TOP);
    svg.empty("polyline", "class", "front", "points", path.toString()).newLine();
    return lines;
  }

  private List<Box> cross(Point point) {
    double x = x(point);
    double y = y(point);
    double left = horizontal.at(point.accS().low());
    double right = horizontal.at(point.accS().high());
    double low = vertical.at(point.accG().low());
    double high = vertical.at(point.accG().high());
    line("cross", left, y, right, y);
    line("cross", x, low, x, high);
    return List.of(Box.between(left, y, right, y), Box.between(x, low, x, high));
  }

  private void dot(Point point) {
    String style = point.original() ? "original" : point.front() ? "best" : "other";
    svg.start("circle", "class", style, "cx", x(point), "cy", y(point), "r", RADIUS)
        .start("title")
        .text(
            "%s: Acc_s %s, Acc_g %s"
                .formatted(
                    point.name(), Svg.one(point.accS().value()), Svg.one(point.accG().value())))
        .end("title")
        .end("circle")
        .newLine();
  }

  private void names(List<Box> lines) {
    Box area = new Box(LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM);
    List<LabelPlaces.Dot> dots =
        data.points().stream()
            .map(point -> new LabelPlaces.Dot(point.name(), x(point), y(point)))
            .toList();
    List<Box> places = LabelPlaces.of(dots, lines, area);
    for (int i = 0; i < dots.size(); i++) {
      Point point = data.points().get(i);
      Box place = places.get(i);
      LabelPlaces.Dot dot = dots.get(i);
      if (place.distance(dot.x(), dot.y()) > LabelPlaces.NEAR) {
        line("lead", dot.x(), dot.y(), place.nearestX(dot.x()), place.nearestY(dot.y()));
      }
      svg.start(
              "text",
              "class",
              point.front() ? "name best" : "name",
              "text-anchor",
              "middle",
              "x",
              place.middleX(),
              "y",
              place.bottom() - 3.5)
          .text(point.name())
          .end("text")
          .newLine();
    }
  }

  private double x(Point point) {
    return horizontal.at(point.accS().value());
  }

  private double y(Point point) {
    return vertical.at(point.accG().value());
  }

  private void line(String style, double x1, double y1, double x2, double y2) {
    svg.empty("line", "class", style, "x1", x1, "y1", y1, "x2", x2, "y2", y2).newLine();
  }

  private void text(String anchor, double x, double y, String words) {
    svg.start("text", "text-anchor", anchor, "x", x, "y", y).text(words).end("text").newLine();
  }

  /**
   * From percent to pixels.
   *
   * @param low the least percent shown
   * @param high the most
   * @param from pixels of the least
   * @param to pixels of the most
   */
  private record Axis(double low, double high, double from, double to) {
    private static final double LEAST = 4;
    private static final int TICKS = 8;

    static Axis of(List<Point> points, Function<Point, Range> figure, double from, double to) {
      double low = points.stream().map(figure).mapToDouble(Range::low).min().orElse(0);
      double high = points.stream().map(figure).mapToDouble(Range::high).max().orElse(100);
      double margin = Math.max(LEAST, high - low) * 0.08;
      return new Axis(Math.max(-2, low - margin), Math.min(102, high + margin), from, to);
    }

    double at(double value) {
      return from + (value - low) / (high - low) * (to - from);
    }

    List<Double> ticks() {
      double step = 50;
      for (double finer : new double[] {20, 10, 5, 2, 1, 0.5}) {
        step = (high - low) / finer <= TICKS ? finer : step;
      }
      List<Double> ticks = new ArrayList<>();
      for (double tick = Math.ceil(low / step) * step; tick <= high + 1e-9; tick += step) {
        if (tick >= 0 && tick <= 100) {
          ticks.add(tick);
        }
      }
      return ticks;
    }

    static String label(double tick) {
      return tick == Math.rint(tick) ? String.valueOf((long) tick) : Svg.one(tick);
    }
  }
}
