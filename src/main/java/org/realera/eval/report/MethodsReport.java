package org.realera.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.metrics.Comparison.Method;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.ViewName;
import org.realera.eval.run.ModelPair;
import org.realera.report.EvalPage.Fact;
import org.realera.report.MethodsPage;
import org.realera.report.TradeOff;

/** What a comparison of methods found, as its page shows it. */
final class MethodsReport {
  private final Comparison comparison;
  private final List<ModelPair> pairs;
  private final MethodsTables tables;

  private MethodsReport(Comparison comparison, List<ModelPair> pairs) {
    this.comparison = comparison;
    this.pairs = pairs;
    this.tables = new MethodsTables(comparison, pairs.get(0).model().info().published());
  }

  /**
   * A page.
   *
   * @param pairs as {@link Comparison#ordered} gives them
   */
  static MethodsPage of(Comparison comparison, List<ModelPair> pairs) {
    return new MethodsReport(comparison, pairs).page();
  }

  private MethodsPage page() {
    List<String> concepts = concepts();
    long methods = methods().count();
    String title =
        String.format(
            Locale.ROOT,
            "%s erasing %s",
            methods == 1
                ? comparison.methods().get(comparison.methods().size() - 1).title()
                : methods + " methods",
            concepts.size() == 1 ? concepts.get(0) : concepts.size() + " concepts");
    return new MethodsPage(
        title,
        verdict(),
        tables.means(),
        tradeOffs(),
        concepts.stream().map(concept -> MethodsGallery.of(concept, of(concept))).toList(),
        concepts.stream()
            .map(concept -> new MethodsPage.Concept(heading(concept), tables.of(concept)))
            .toList(),
        settings(),
        ReportNotes.readings(pairs),
        pairs.stream().allMatch(pair -> pair.model().isClassified()));
  }

  private Stream<Method> methods() {
    return comparison.methods().stream().filter(method -> !method.isOriginal());
  }

  private List<String> concepts() {
    return pairs.stream().map(MethodsReport::concept).distinct().toList();
  }

  private static String concept(ModelPair pair) {
    return Objects.requireNonNull(pair.model().info().concept());
  }

  private List<ModelPair> of(String concept) {
    return pairs.stream().filter(pair -> concept(pair).equals(concept)).toList();
  }

  private String heading(String concept) {
    String anchor = of(concept).get(0).model().info().anchor();
    return concept + (anchor == null ? "" : " → " + anchor);
  }

  /** The two best by H_o, whether they can be told apart, and the fastest. */
  private String verdict() {
    String worthless = pairs.stream().map(MethodsReport::sameness).collect(Collectors.joining());
    return worthless.isEmpty() ? ranking() : worthless + "The methods' means can't be ranked.";
  }

  private static String sameness(ModelPair pair) {
    String finding = ReportNotes.sameness(pair);
    return finding.isEmpty()
        ? ""
        : "%s, %s: %s".formatted(pair.model().info().label(), concept(pair), finding);
  }

  private String ranking() {
    if (!comparison.isEven()) {
      return "The methods erased different concepts: their means can't be ranked.";
    }
    List<Method> ranked =
        methods()
            .filter(method -> method.headline().figures().hO() != null)
            .sorted(Comparator.comparingDouble((Method method) -> -hO(method).value()))
            .toList();
    if (ranked.isEmpty()) {
      return "No method has all figures.";
    }
    Method best = ranked.get(0);
    StringBuilder words = new StringBuilder();
    words.append(
        String.format(
            Locale.ROOT, "%s has the highest harmonic mean, %s.", best.title(), text(hO(best))));
    if (ranked.size() > 1) {
      Method second = ranked.get(1);
      boolean apart = hO(second).high() < hO(best).low();
      words.append(
          String.format(
              Locale.ROOT,
              " %s follows with %s%s.",
              second.title(),
              text(hO(second)),
              apart ? "" : "; their intervals overlap"));
    }
    fastest().ifPresent(words::append);
    return words.toString();
  }

  /** Of those that change weights. */
  private Optional<String> fastest() {
    List<Method> timed = methods().filter(method -> seconds(method) > 0).toList();
    return timed.size() < 2
        ? Optional.empty()
        : timed.stream()
            .min(Comparator.comparingDouble(MethodsReport::seconds))
            .map(
                method ->
                    String.format(
                        Locale.ROOT,
                        " %s is the fastest: %.1f seconds a concept.",
                        method.title(),
                        seconds(method)));
  }

  /** 0 if not known. */
  private static double seconds(Method method) {
    Comparison.Cost cost = method.cost();
    return cost == null || cost.seconds() == null ? 0 : cost.seconds();
  }

  private static Interval hO(Method method) {
    return Objects.requireNonNull(method.headline().figures().hO());
  }

  private static String text(Interval interval) {
    return interval.isPoint()
        ? String.format(Locale.ROOT, "%.1f", interval.value())
        : String.format(
            Locale.ROOT, "%.1f (%.1f to %.1f)", interval.value(), interval.low(), interval.high());
  }

  /** The headline's image, and that of its subtypes. */
  private List<TradeOff> tradeOffs() {
    ViewName headline = comparison.methods().get(0).headline().name();
    return Stream.of(tradeOff(headline, "synonyms"), tradeOff(headline.ofSubtypes(), "subtypes"))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<TradeOff> tradeOff(ViewName view, String general) {
    List<TradeOff.Point> points = new ArrayList<>();
    for (Method method : comparison.methods()) {
      Figures figures = method.view(view).orElse(null);
      if (figures != null && figures.accS() != null && figures.accG() != null) {
        points.add(
            new TradeOff.Point(
                method.title(),
                range(figures.accS()),
                range(figures.accG()),
                method.isOnFront(view),
                method.isOriginal()));
      }
    }
    return points.isEmpty()
        ? Optional.empty()
        : Optional.of(new TradeOff(MethodsTables.title(view), general, points));
  }

  private static TradeOff.Range range(Interval interval) {
    return new TradeOff.Range(interval.value(), interval.low(), interval.high());
  }

  /** What all runs share. */
  private List<Fact> settings() {
    List<Fact> shared = new ArrayList<>(ReportNotes.settings(pairs.get(0)));
    pairs.forEach(pair -> shared.retainAll(ReportNotes.settings(pair)));
    // How many prompts there are differs from concept to concept.
    pairs.get(0).model().info().measuredWith().entrySet().stream()
        .filter(one -> shared.stream().noneMatch(fact -> fact.label().equals(one.getKey())))
        .forEach(one -> shared.add(new Fact(one.getKey(), one.getValue())));
    ReportNotes.withoutSubtypes(pairs).ifPresent(text -> shared.add(new Fact("Subtypes", text)));
    return List.copyOf(shared);
  }
}
