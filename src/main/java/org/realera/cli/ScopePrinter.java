package org.realera.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.cli.json.ScopeJson;
import org.realera.concept.ConceptDistance.Zone;
import org.realera.erase.Scope.Near;
import org.realera.erase.Scope.Range;
import org.realera.erase.Scope.Source;

/** What {@code realera scope} says: counts and the nearest texts, or all of them as JSON. */
final class ScopePrinter {
  private static final int NEAREST = 20;
  private static final int LONGEST = 44;

  private final Console console;

  ScopePrinter(Console console) {
    this.console = console;
  }

  void print(List<Range> ranges, boolean json, @Nullable Path page) {
    if (json) {
      console.printJson(JsonForm.SCOPE, ScopeJson.of(ranges));
      return;
    }
    PrintStream to = console.out();
    for (Range range : ranges) {
      print(to, range);
    }
    if (page != null) {
      to.println(page);
    }
  }

  private static void print(PrintStream to, Range range) {
    to.printf(
        Locale.ROOT,
        "%s, as in \"%s\"; D1 %.2f, D2 %.2f of its mean row norm%n",
        range.concept(),
        range.prompt(),
        range.mining().d1(),
        range.d2());
    if (range.words() > 0) {
      to.printf(
          Locale.ROOT,
          "named: erased beside it, the nearest words down to cosine S2 %.2f, at most %d%n",
          range.mining().s2(),
          range.words());
    }
    long tried = range.texts().stream().filter(t -> t.source() == Source.VOCABULARY).count();
    to.printf(
        Locale.ROOT,
        "%d texts, among them %d of the %d words of the vocabulary%n%n",
        range.texts().size(),
        tried,
        range.vocabulary());
    to.printf(Locale.ROOT, "%-" + LONGEST + "s %8s %7s  %s%n", "nearest", "distance", "cosine", "");
    List<Near> nearest = range.texts().subList(0, Math.min(NEAREST, range.texts().size()));
    nearest.forEach(near -> line(to, near));
    List<Near> asked =
        range.texts().stream()
            .filter(t -> t.source() != Source.VOCABULARY && t.source() != Source.SUITES)
            .filter(t -> !nearest.contains(t))
            .toList();
    if (!asked.isEmpty()) {
      to.println("asked for");
      asked.forEach(near -> line(to, near));
    }
    to.println();
    counts(to, range);
    to.println();
  }

  private static void line(PrintStream to, Near near) {
    String text = near.text();
    to.printf(
        Locale.ROOT,
        "%-" + LONGEST + "s %8.2f %7.2f  %s%n",
        text.length() > LONGEST ? text.substring(0, LONGEST - 3) + "..." : text,
        near.distance().radius(),
        near.distance().cosine(),
        near.zone().label()
            + (near.source() == Source.VOCABULARY ? "" : ", " + near.source().label()));
  }

  private static void counts(PrintStream to, Range range) {
    List<Source> sources = new ArrayList<>();
    StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-20s", "texts by zone"));
    for (Source source : Source.values()) {
      if (range.texts().stream().anyMatch(t -> t.source() == source)) {
        sources.add(source);
        head.append(String.format(Locale.ROOT, " %10s", source.label()));
      }
    }
    to.println(head);
    for (Zone zone : range.zones()) {
      String name =
          switch (zone) {
            case NAMED -> "named, erased";
            case INSIDE -> "inside D1";
            case BETWEEN -> "between D1 and D2";
            case BEYOND -> "beyond D2";
          };
      StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-20s", name));
      sources.forEach(s -> row.append(String.format(Locale.ROOT, " %10d", range.count(s, zone))));
      to.println(row);
    }
  }
}
