package org.realera.eval.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether runs were made alike whose figures stand side by side. Keeps each setting and, under each
 * of its values, the runs that have it.
 */
public final class Alike {
  private final Map<String, SortedMap<String, List<String>>> made = new LinkedHashMap<>();

  /** Runs of a suite: all that their figures depend on beside the model under test. */
  public static Alike of(List<ModelPair> pairs) {
    Alike alike = new Alike();
    MeasuredWith with = new MeasuredWith(pairs);
    pairs.forEach(
        pair -> {
          RunInfo info = pair.model().info();
          String concept = info.concept() == null ? "" : ", " + info.concept();
          alike.add(info.label() + concept, with.of(pair));
        });
    return alike;
  }

  /**
   * Adds a run.
   *
   * @param run what tables call it
   * @param settings what it was made with, each by its name
   */
  public void add(String run, Map<String, String> settings) {
    settings.forEach(
        (setting, value) ->
            made.computeIfAbsent(setting, key -> new TreeMap<>())
                .computeIfAbsent(value, key -> new ArrayList<>())
                .add(run));
  }

  /** Each setting with its value or, where runs differ, each value with the runs that have it. */
  public Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>();
    made.forEach(
        (setting, runs) -> all.put(setting, runs.size() == 1 ? runs.firstKey() : values(runs)));
    return all;
  }

  /** In what the runs differ, in words; empty if in nothing. */
  public Optional<String> difference() {
    return difference(Set.of());
  }

  /**
   * The same but for some settings.
   *
   * @param aside settings that figures do not depend on, or that differ by nature
   */
  public Optional<String> difference(Set<String> aside) {
    List<String> differing =
        made.entrySet().stream()
            .filter(one -> one.getValue().size() > 1 && !aside.contains(one.getKey()))
            .map(one -> one.getKey() + ": " + values(one.getValue()))
            .toList();
    return differing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "These runs were not made alike, so their figures can't be compared. "
                + String.join(". ", differing)
                + ".");
  }

  private static String values(SortedMap<String, List<String>> runs) {
    return runs.entrySet().stream()
        .map(one -> one.getKey() + " (" + String.join("; ", one.getValue()) + ")")
        .collect(Collectors.joining("; "));
  }
}
