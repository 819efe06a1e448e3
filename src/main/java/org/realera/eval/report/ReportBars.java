package org.realera.eval.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Summary;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.report.BarChart;
import org.realera.report.BarChart.Bar;
import org.realera.report.BarChart.Group;

/** A bar for each set of images of a run. */
final class ReportBars {
  private ReportBars() {}

  /** The bars; null where one number stands for all images, for the table has it. */
  static @Nullable BarChart of(Summary.Run run) {
    if (run.model().views().isEmpty()) {
      return null;
    }
    Map<String, Summary.Set> before = new LinkedHashMap<>();
    Summary.Model baseline = run.baseline();
    if (baseline != null) {
      baseline.sets().forEach(set -> before.put(set.name(), set));
    }
    boolean survey = run.concept() == null;
    List<Summary.Set> sets = run.model().sets();
    List<Group> groups =
        Stream.of(
                group("Erased, low is good", Role.ERASED, sets, before),
                group(survey ? "Synonyms" : "Synonyms, low is good", Role.RELATED, sets, before),
                group(survey ? "Subtypes" : "Subtypes, low is good", Role.SUBTYPE, sets, before),
                group(survey ? "Concepts" : "Kept, high is good", Role.KEPT, sets, before))
            .filter(Objects::nonNull)
            .toList();
    return new BarChart(run.model().open() != null, baseline != null, groups);
  }

  private static @Nullable Group group(
      String title, Role role, List<Summary.Set> sets, Map<String, Summary.Set> before) {
    List<Summary.Set> members = sets.stream().filter(set -> set.role() == role).toList();
    return members.isEmpty()
        ? null
        : new Group(
            title,
            role.label(),
            members.stream()
                .map(set -> bar(set, before.get(set.name())))
                .filter(Objects::nonNull)
                .toList());
  }

  private static @Nullable Bar bar(Summary.Set set, Summary.@Nullable Set other) {
    Interval now = set.headline();
    Interval before = other == null ? null : other.headline();
    return now == null
        ? null
        : new Bar(
            set.name(),
            set.role().label(),
            now.value(),
            now.low(),
            now.high(),
            before == null ? null : Double.valueOf(before.value()));
  }
}
