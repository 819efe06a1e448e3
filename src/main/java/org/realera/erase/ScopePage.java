package org.realera.erase;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.realera.concept.ConceptDistance.Zone;
import org.realera.erase.Scope.Near;
import org.realera.erase.Scope.Range;
import org.realera.erase.Scope.Source;
import org.realera.report.ScopeReport;

/** Puts ranges on a page. */
public final class ScopePage {
  private static final int LISTED = 40;

  private ScopePage() {}

  /** Writes the page; it is there whole or not at all. */
  public static void write(Path file, List<Range> ranges) {
    new ScopeReport(ranges.stream().map(ScopePage::range).toList()).write(file);
  }

  private static ScopeReport.Range range(Range range) {
    List<Source> sources =
        Stream.of(Source.values())
            .filter(source -> range.texts().stream().anyMatch(near -> near.source() == source))
            .toList();
    return new ScopeReport.Range(
        range.concept(),
        range.prompt(),
        range.mining().d1(),
        range.d2(),
        range.words(),
        range.mining().s2(),
        range.texts().stream().map(ScopePage::text).toList(),
        listed(range).map(ScopePage::text).toList(),
        sources.stream().map(Source::label).toList(),
        range.zones().stream().map(zone -> counts(range, zone, sources)).toList());
  }

  private static ScopeReport.Zone counts(Range range, Zone zone, List<Source> sources) {
    List<Long> counts = sources.stream().map(source -> range.count(source, zone)).toList();
    return new ScopeReport.Zone(zone.label(), counts);
  }

  /** The nearest texts, then those that were asked for. */
  private static Stream<Near> listed(Range range) {
    List<Near> nearest = range.texts().subList(0, Math.min(LISTED, range.texts().size()));
    Stream<Near> asked =
        range.texts().stream()
            .filter(near -> near.source() != Source.VOCABULARY && near.source() != Source.SUITES)
            .filter(near -> !nearest.contains(near));
    return Stream.concat(nearest.stream(), asked);
  }

  private static ScopeReport.Text text(Near near) {
    return new ScopeReport.Text(
        near.text(),
        near.source().label(),
        near.source() == Source.VOCABULARY,
        near.distance().radius(),
        near.distance().cosine(),
        near.zone().label());
  }
}
