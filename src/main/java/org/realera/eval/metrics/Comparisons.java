package org.realera.eval.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.config.MethodName;
import org.realera.diffusion.SldSettings;
import org.realera.eval.metrics.Comparison.Cost;
import org.realera.eval.metrics.Comparison.Method;
import org.realera.eval.metrics.Summary.View;
import org.realera.eval.run.Alike;
import org.realera.eval.run.MethodCost;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunInfo;

/** Computes a {@link Comparison}. */
final class Comparisons {
  private static final List<String> ORDER =
      Stream.concat(
              MethodName.labels().stream(), SldSettings.PUBLISHED.stream().map(SldSettings::method))
          .toList();

  private Comparisons() {}

  /** A run with the method that made its model. */
  private record Made(ModelPair pair, MethodCost cost) {
    RunInfo info() {
      return pair.model().info();
    }

    String concept() {
      return Objects.requireNonNull(info().concept());
    }

    /** Concepts stand as the suite has them, where its labels say so. */
    int place() {
      return info().labels().names().indexOf(concept());
    }
  }

  static Optional<List<ModelPair>> ordered(List<ModelPair> pairs) {
    return made(pairs).map(all -> all.stream().map(Made::pair).toList());
  }

  /** In the order of the tables; empty if they are no comparison. */
  private static Optional<List<Made>> made(List<ModelPair> pairs) {
    List<Made> all = new ArrayList<>();
    for (ModelPair pair : pairs) {
      Optional<MethodCost> cost = MethodCost.find(pair.model().roots());
      if (cost.isEmpty() || pair.model().info().concept() == null) {
        return Optional.empty();
      }
      all.add(new Made(pair, cost.get()));
    }
    boolean once = distinct(all, made -> List.of(made.concept(), made.cost.method())) == all.size();
    if (!once || Alike.of(pairs).difference().isPresent()) {
      return Optional.empty();
    }
    all.sort(
        Comparator.comparingInt(Made::place)
            .thenComparing(Made::concept)
            .thenComparing(Made::cost, Comparisons::byMethod));
    return Optional.of(all);
  }

  private static long distinct(List<Made> all, Function<Made, ?> by) {
    return all.stream().map(by).distinct().count();
  }

  private static int byMethod(MethodCost one, MethodCost other) {
    return Comparator.comparingInt(Comparisons::place)
        .thenComparing(MethodCost::method)
        .compare(one, other);
  }

  private static int place(MethodCost cost) {
    int at = ORDER.indexOf(cost.method());
    return at < 0 ? ORDER.size() : at;
  }

  static Comparison of(List<ModelPair> pairs, Summary summary) {
    Map<String, List<Made>> byMethod = new LinkedHashMap<>();
    for (Made made : made(pairs).orElseThrow()) {
      byMethod.computeIfAbsent(made.cost.method(), method -> new ArrayList<>()).add(made);
    }
    List<Method> methods =
        byMethod.values().stream()
            .sorted(Comparator.comparing(runs -> runs.get(0).cost, Comparisons::byMethod))
            .map(Comparisons::method)
            .toList();
    List<Method> whole = new ArrayList<>();
    byMethod.values().stream()
        .max(Comparator.comparingInt(List::size))
        .flatMap(Comparisons::original)
        .ifPresent(whole::add);
    boolean even = methods.stream().map(one -> Set.copyOf(one.concepts())).distinct().count() == 1;
    methods.forEach(method -> whole.add(even ? withFront(method, methods) : method));
    return new Comparison(Comparison.SCHEMA, List.copyOf(whole), summary.runs());
  }

  private static Method method(List<Made> runs) {
    MethodCost cost = runs.get(0).cost;
    double each = 1.0 / runs.size();
    return new Method(
        cost.method(),
        cost.title(),
        concepts(runs),
        Summaries.average(runs.stream().map(made -> made.pair.model()).toList()),
        new Cost(
            all(runs, MethodCost::seconds, Double::sum, each),
            all(runs, MethodCost::unetPasses, Double::sum, each),
            all(runs, MethodCost::peakMemoryBytes, Math::max, 1),
            all(runs, MethodCost::tensors, Double::sum, each)),
        List.of());
  }

  private static List<String> concepts(List<Made> runs) {
    return runs.stream().map(Made::concept).toList();
  }

  /** Null unless all runs say it. */
  private static @Nullable Double all(
      List<Made> runs,
      Function<MethodCost, @Nullable Number> value,
      DoubleBinaryOperator together,
      double scale) {
    double result = 0;
    for (Made made : runs) {
      Number one = value.apply(made.cost);
      if (one == null) {
        return null;
      }
      result = together.applyAsDouble(result, one.doubleValue());
    }
    return result * scale;
  }

  /** Empty if it was not measured beside all of the runs. */
  private static Optional<Method> original(List<Made> runs) {
    List<ModelRun> baselines =
        runs.stream().map(made -> made.pair.baseline()).filter(Objects::nonNull).toList();
    return baselines.size() < runs.size()
        ? Optional.empty()
        : Optional.of(
            new Method(
                Comparison.ORIGINAL,
                Comparison.ORIGINAL,
                concepts(runs),
                Summaries.average(baselines),
                null,
                List.of()));
  }

  private static Method withFront(Method method, List<Method> all) {
    return new Method(
        method.method(),
        method.title(),
        method.concepts(),
        method.figures(),
        method.cost(),
        method.figures().views().stream()
            .filter(view -> isOnFront(view, all))
            .map(View::name)
            .toList());
  }

  /** Only methods with both figures take part. */
  private static boolean isOnFront(View own, List<Method> all) {
    return own.figures().accS() != null
        && own.figures().accG() != null
        && all.stream()
            .flatMap(other -> other.view(own.name()).stream())
            .noneMatch(other -> dominates(other, own.figures()));
  }

  /** Whether a method is nowhere worse than another, and somewhere better. */
  static boolean dominates(Figures one, Figures other) {
    if (one.accS() == null || one.accG() == null || other.accS() == null || other.accG() == null) {
      return false;
    }
    double keeps = one.accS().value() - other.accS().value();
    double generalizes = other.accG().value() - one.accG().value();
    return keeps >= 0 && generalizes >= 0 && keeps + generalizes > 0;
  }
}
