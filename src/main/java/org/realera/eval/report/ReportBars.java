package org.realera.eval.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Summary;

/** A bar for each set of images with its interval, as inline SVG; all of one scale. */
final class ReportBars {
  private ReportBars() {}

  static String html(Summary.Run run) {
    Map<String, Summary.Set> before = new LinkedHashMap<>();
    Summary.Model baseline = run.baseline();
    if (baseline != null) {
      baseline.sets().forEach(set -> before.put(set.name(), set));
    }
    StringBuilder out = new StringBuilder("<div class=\"card bars\">\n");
    out.append(group("Erased, low is good", "erased", run.model().sets(), before));
    out.append(group("Synonyms, low is good", "related", run.model().sets(), before));
    out.append(group("Kept, high is good", "kept", run.model().sets(), before));
    String html = out.append("</div>\n").toString();
    return run.concept() != null
        ? html
        : html.replace("Synonyms, low is good", "Synonyms")
            .replace("Kept, high is good", "Concepts");
  }

  private static String group(
      String title, String role, List<Summary.Set> sets, Map<String, Summary.Set> before) {
    List<Summary.Set> members = sets.stream().filter(set -> set.role().equals(role)).toList();
    if (members.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    out.append("<p class=\"role %s\">%s</p>\n".formatted(role, title));
    for (Summary.Set set : members) {
      Interval now = set.headline();
      Summary.Set other = before.get(set.name());
      if (now != null) {
        out.append(bar(set, now, other == null ? null : other.headline()));
      }
    }
    return out.toString();
  }

  private static String bar(Summary.Set set, Interval now, @Nullable Interval before) {
    String text =
        before == null
            ? Html.number(now.value())
            : Html.number(before.value()) + " → " + Html.number(now.value());
    StringBuilder svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\"");
    svg.append(
        String.format(
            Locale.ROOT,
            " aria-label=\"%s: %s percent, interval %.1f to %.1f\">",
            Html.escape(set.name()),
            text,
            now.low(),
            now.high()));
    for (int x = 0; x <= 100; x += 25) {
      svg.append(
          "<line class=\"grid\" vector-effect=\"non-scaling-stroke\" x1=\"%d\" x2=\"%d\" y1=\"0\""
                  .formatted(x, x)
              + " y2=\"10\"/>");
    }
    if (before != null) {
      svg.append(rect("before", before.value(), 1, 2.5));
    }
    svg.append(rect(set.role(), now.value(), before == null ? 2.5 : 4, 5));
    double y = before == null ? 5 : 6.5;
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"whisker\" vector-effect=\"non-scaling-stroke\" x1=\"%.2f\" x2=\"%.2f\""
                + " y1=\"%s\" y2=\"%s\"/>",
            now.low(),
            now.high(),
            y,
            y));
    svg.append("</svg>");
    return "<span>%s</span>%s<span class=\"n\">%s</span>\n"
        .formatted(Html.escape(set.name().replace('-', ' ')), svg, text);
  }

  private static String rect(String kind, double width, double y, double height) {
    return String.format(
        Locale.ROOT,
        "<rect class=\"%s\" x=\"0\" y=\"%s\" width=\"%.2f\" height=\"%s\"/>",
        kind,
        y,
        Math.max(0.2, width),
        height);
  }
}
