package org.realera.campaign;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.config.BeyondSettings;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.eval.Subject;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.ViewName;
import org.realera.eval.report.HeatMap;
import org.realera.eval.run.SweepCell;

/**
 * The sweeps of the paper's Figure 5: D1 against S2 and M against N, around the recipe's own
 * values, by the closed form alone.
 *
 * @param samples images of each prompt
 */
record Sweeps(Campaign campaign, ConceptPair pair, EraseRecipe base, int samples) {
  private static final List<Double> D1_FACTORS = List.of(0.5, 0.75, 1.0, 1.25);
  private static final List<Double> S2_STEPS = List.of(-0.2, -0.1, 0.0, 0.1);
  private static final List<Double> M_FACTORS = List.of(0.25, 0.5, 1.0, 2.0);
  // A large N against M holds the concept itself: the last column shows it.
  private static final List<Double> N_FACTORS = List.of(0.5, 1.0, 2.0, 10.0);

  /** D2 stays beyond D1 by this much. */
  private static final double MARGIN = 0.2;

  /** Ways of a classifier to score that get a map each; any other scorer has one map. */
  private static final List<ViewName> VIEWS = List.of(ViewName.CLOSED_SET, ViewName.OPEN_SET);

  Sweeps {
    base = base.with("alignment.enabled", false);
  }

  /** Draws and scores what is not there yet: a map of each sweep for every way to score it. */
  List<HeatMap> maps() {
    MiningSettings mining = base.mining();
    BeyondSettings beyond = base.beyond();
    List<HeatMap> maps = new ArrayList<>();
    maps.addAll(
        sweep(
            "Erasing range: D1 and S2",
            new Axis(SweepCell.D1, values(mining.d1(), D1_FACTORS)),
            new Axis(
                SweepCell.S2, S2_STEPS.stream().map(step -> rounded(mining.s2() + step)).toList()),
            this::withRange));
    maps.addAll(
        sweep(
            "Numbers of samples: M and N",
            new Axis(SweepCell.M, counts(mining.samples(), M_FACTORS)),
            new Axis(SweepCell.N, counts(beyond.samples(), N_FACTORS)),
            this::withCounts));
    return List.copyOf(maps);
  }

  /** A setting that varies. */
  private record Axis(String name, List<Double> values) {
    List<String> texts() {
      return values.stream().map(Axis::text).toList();
    }

    static String text(double value) {
      return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
  }

  private EraseRecipe withRange(double d1, double s2) {
    return withBothEnabled(
        Map.of(
            "mining.d1",
            d1,
            "mining.d1_anchor",
            Math.min(base.mining().d1Anchor(), d1 / 2),
            "mining.s2",
            s2,
            "beyond.d2",
            Math.max(base.beyond().d2(), d1 + MARGIN)));
  }

  private EraseRecipe withCounts(double m, double n) {
    return withBothEnabled(Map.of("mining.samples", (int) m, "beyond.samples", (int) n));
  }

  /** What is swept counts only where it is on. */
  private EraseRecipe withBothEnabled(Map<String, ?> values) {
    return base.with("mining.enabled", true).with("beyond.enabled", true).with(values);
  }

  private List<HeatMap> sweep(
      String title, Axis rows, Axis columns, BiFunction<Double, Double, EraseRecipe> recipe) {
    List<List<Map<ViewName, Figures>>> cells = new ArrayList<>();
    for (double row : rows.values()) {
      List<Map<ViewName, Figures>> line = new ArrayList<>();
      for (double column : columns.values()) {
        line.add(cell(rows, row, columns, column, recipe));
      }
      cells.add(line);
    }
    Function<Function<Map<ViewName, Figures>, @Nullable Figures>, List<List<@Nullable Figures>>>
        pick = choice -> cells.stream().map(line -> picked(line, choice)).toList();
    List<ViewName> views =
        VIEWS.stream()
            .filter(
                view ->
                    cells.stream().flatMap(List::stream).anyMatch(cell -> cell.containsKey(view)))
            .toList();
    if (views.isEmpty()) {
      return List.of(map(title, rows, columns, pick.apply(Sweeps::first)));
    }
    return views.stream()
        .map(
            view ->
                map(title + ", " + view, rows, columns, pick.apply(figures -> figures.get(view))))
        .toList();
  }

  private static HeatMap map(
      String title, Axis rows, Axis columns, List<List<@Nullable Figures>> cells) {
    return new HeatMap(title, rows.name(), rows.texts(), columns.name(), columns.texts(), cells);
  }

  /** Not toList(), which refuses a null. */
  private static List<@Nullable Figures> picked(
      List<Map<ViewName, Figures>> line,
      Function<Map<ViewName, Figures>, @Nullable Figures> choice) {
    List<@Nullable Figures> out = new ArrayList<>();
    line.forEach(figures -> out.add(choice.apply(figures)));
    return out;
  }

  private static @Nullable Figures first(Map<ViewName, Figures> figures) {
    return figures.values().stream().findFirst().orElse(null);
  }

  /** One cell: its figures by name; none where the thresholds can't be met. */
  private Map<ViewName, Figures> cell(
      Axis rows,
      double row,
      Axis columns,
      double column,
      BiFunction<Double, Double, EraseRecipe> recipe) {
    String name = SweepCell.label(rows.name(), Axis.text(row), columns.name(), Axis.text(column));
    Map<ViewName, Figures> figures = new LinkedHashMap<>();
    EraseRecipe swept;
    ModelRef erased;
    try {
      swept = recipe.apply(row, column);
      erased = campaign.erase(name, pair, swept);
    } catch (RealeraException e) {
      // Thresholds that can't be met leave no model; a model that is there is of other settings.
      if (e.kind() != RealeraException.Kind.USAGE || Files.exists(campaign.edited(name))) {
        throw e;
      }
      campaign.note(name + ": " + e.getMessage());
      return figures;
    }
    Summary summary =
        campaign.measure(erased, name, Subject.of(pair, name), swept, samples, null).summary();
    if (summary != null) {
      summary
          .runs()
          .get(0)
          .model()
          .views()
          .forEach(view -> figures.put(view.name(), view.figures()));
    }
    return figures;
  }

  private static List<Double> values(double own, List<Double> factors) {
    return factors.stream().map(factor -> rounded(own * factor)).toList();
  }

  private static List<Double> counts(int own, List<Double> factors) {
    return factors.stream().map(factor -> Math.max(1, Math.rint(own * factor))).distinct().toList();
  }

  /** To two digits, as a recipe is written. */
  private static double rounded(double value) {
    return Math.rint(value * 100) / 100;
  }
}
