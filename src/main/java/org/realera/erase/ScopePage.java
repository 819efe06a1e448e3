package org.realera.erase;

import static org.realera.page.Page.escape;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.concept.ConceptDistance.Zone;
import org.realera.erase.Scope.Near;
import org.realera.erase.Scope.Range;
import org.realera.erase.Scope.Source;
import org.realera.files.AtomicFile;
import org.realera.page.Page;

/** The page of {@code realera scope}: a picture of the range and its nearest texts, in one file. */
public final class ScopePage {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 360;
  private static final int LEFT = 46;
  private static final int BOTTOM = 34;
  private static final int TOP = 14;
  private static final int NAMED = 14;
  private static final int LISTED = 40;

  /** Names nearer than this would lie on each other. */
  private static final double LINE = 13;

  private ScopePage() {}

  /** Writes the page; it is there whole or not at all. */
  public static void write(Path file, List<Range> ranges) {
    AtomicFile.write(file, html(ranges).getBytes(StandardCharsets.UTF_8));
  }

  static String html(List<Range> ranges) {
    StringBuilder body = new StringBuilder();
    for (Range range : ranges) {
      body.append("<h1>What lies near “").append(escape(range.concept())).append("”</h1>\n<p>");
      body.append(
          escape(
              text(
                  "%d texts against “%s”. Nearer than D1 = %.2f: what mining takes along. From D2 ="
                      + " %.2f on: not looked at. Between the two, points are held as they are.",
                  range.texts().size(), range.prompt(), range.d1(), range.d2())));
      body.append("</p>\n").append(picture(range)).append(counts(range)).append(table(range));
    }
    String title = "Near " + String.join(", ", ranges.stream().map(Range::concept).toList());
    return Page.of("scope.html", Map.of("title", escape(title), "body", body.toString()));
  }

  /** Distance to the right, cosine up; a dot for each text, names for the nearest. */
  private static String picture(Range range) {
    double far = range.texts().stream().mapToDouble(t -> t.distance().radius()).max().orElse(1);
    double right = 1.05 * Math.max(far, range.d2());
    double low = range.texts().stream().mapToDouble(t -> t.distance().cosine()).min().orElse(0);
    double floor = Math.min(0, Math.floor(low * 5) / 5);
    StringBuilder svg = new StringBuilder();
    svg.append(
        text(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Distance and cosine of %d"
                + " texts\">\n",
            WIDTH, HEIGHT, range.texts().size()));
    band(svg, "inside", 0, range.d1(), right);
    band(svg, "between", range.d1(), range.d2(), right);
    label(svg, x(0, right) + 6, TOP + 14, "inside D1");
    label(svg, x(range.d1(), right) + 6, TOP + 14, "between");
    label(svg, x(range.d2(), right) + 6, TOP + 14, "beyond D2");
    for (double c = floor; c <= 1.001; c += 0.2) {
      label(svg, 6, y(c, floor) + 4, text("%.1f", c));
    }
    for (double d : List.of(range.d1(), range.d2())) {
      label(svg, x(d, right) - 12, HEIGHT - 16.0, text("%.2f", d));
    }
    label(svg, WIDTH - 78.0, HEIGHT - 2.0, "distance →");
    label(svg, LEFT, TOP - 3.0, "↑ cosine");
    for (Near near : range.texts()) {
      svg.append(
          text(
              "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>%s: distance %.2f,"
                  + " cosine %.2f</title></circle>\n",
              near.source().label(),
              x(near.distance().radius(), right),
              y(near.distance().cosine(), floor),
              near.source() == Source.VOCABULARY ? "2" : "3.5",
              escape(near.text()),
              near.distance().radius(),
              near.distance().cosine()));
    }
    names(svg, range, right, floor);
    return svg.append("</svg>\n").toString();
  }

  private static void names(StringBuilder svg, Range range, double right, double floor) {
    List<double[]> taken = new ArrayList<>();
    for (Near near : range.texts().subList(0, Math.min(NAMED, range.texts().size()))) {
      double x = x(near.distance().radius(), right) + 6;
      double y = y(near.distance().cosine(), floor) + 4;
      boolean free = taken.stream().allMatch(t -> Math.abs(t[1] - y) > LINE || x > t[0]);
      if (free) {
        String name = shortened(near.text(), 24);
        taken.add(new double[] {x + 7.0 * name.length(), y});
        label(svg, x, y, name);
      }
    }
  }

  private static void band(StringBuilder svg, String zone, double from, double to, double right) {
    svg.append(
        text(
            "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
            zone, x(from, right), TOP, x(to, right) - x(from, right), HEIGHT - BOTTOM - TOP));
  }

  private static void label(StringBuilder svg, double x, double y, String words) {
    svg.append(text("<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", x, y, escape(words)));
  }

  private static double x(double radius, double right) {
    return LEFT + radius / right * (WIDTH - LEFT - 8);
  }

  private static double y(double cosine, double floor) {
    return TOP + (1 - cosine) / (1 - floor) * (HEIGHT - BOTTOM - TOP);
  }

  private static String counts(Range range) {
    StringBuilder out = new StringBuilder("<table><thead><tr><th></th>");
    List<Source> sources =
        List.of(Source.values()).stream()
            .filter(s -> range.texts().stream().anyMatch(t -> t.source() == s))
            .toList();
    sources.forEach(s -> out.append("<th>").append(s.label()).append("</th>"));
    out.append("</tr></thead><tbody>\n");
    for (Zone zone : Zone.values()) {
      out.append("<tr><td>").append(zone.label()).append("</td>");
      sources.forEach(s -> out.append("<td>").append(range.count(s, zone)).append("</td>"));
      out.append("</tr>\n");
    }
    return out.append("</tbody></table>\n").toString();
  }

  private static String table(Range range) {
    StringBuilder out =
        new StringBuilder(
            "<table><thead><tr><th>Nearest</th><th>from</th><th>distance</th><th>cosine</th>"
                + "<th>zone</th></tr></thead><tbody>\n");
    List<Near> nearest = range.texts().subList(0, Math.min(LISTED, range.texts().size()));
    List<Near> asked =
        range.texts().stream()
            .filter(t -> t.source() != Source.VOCABULARY && t.source() != Source.SUITES)
            .filter(t -> !nearest.contains(t))
            .toList();
    for (List<Near> part : List.of(nearest, asked)) {
      for (Near near : part) {
        out.append(
            text(
                "<tr><td>%s</td><td>%s</td><td>%.2f</td><td>%.2f</td><td>%s</td></tr>\n",
                escape(near.text()),
                near.source().label(),
                near.distance().radius(),
                near.distance().cosine(),
                near.zone().label()));
      }
    }
    return out.append("</tbody></table>\n").toString();
  }

  private static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
