package org.realera.eval.metrics;

import java.util.List;
import org.realera.eval.metrics.Comparison.Cost;
import org.realera.eval.metrics.Comparison.Method;
import org.realera.eval.metrics.Summary.AverageModel;
import org.realera.eval.metrics.Summary.Both;

/**
 * Two methods that erased a cat and a dog, and the original: made up so that each number tells
 * where it belongs. Acc_e is below 20, Acc_s 20 and more, Acc_g 40 and more, H_o 60 and more; what
 * is left over tells the model; the decimal tells the view: 1 closed set, 2 its top-1, 3 open set,
 * 4 its top-1, 5 closed set with subtypes, 6 open set with subtypes. Intervals reach from 1 below
 * to 2 above.
 *
 * <p>"Thorough" is best in the open set, "Quick" in the closed one and in time.
 */
public final class TwoMethods {
  /** Means over both concepts. */
  public static final Method ORIGINAL =
      new Method("original", "original", List.of("cat", "dog"), average(1, 1), null, List.of());

  public static final Method QUICK =
      new Method(
          "quick",
          "Quick",
          List.of("cat", "dog"),
          average(5, 2),
          new Cost(1.5, 1000.0, 3e9, 32.0),
          List.of(ViewName.CLOSED_SET, ViewName.OPEN_SET.ofSubtypes()));

  public static final Method THOROUGH =
      new Method(
          "thorough",
          "Thorough",
          List.of("cat", "dog"),
          average(4, 3),
          new Cost(2.5, 2000.0, 4e9, 64.0),
          List.of(ViewName.OPEN_SET));

  private static final List<Summary.Run> RUNS =
      List.of(
          run("Quick", "cat", 7, 6),
          run("Thorough", "cat", 8, 6),
          run("Quick", "dog", 10, 9),
          run("Thorough", "dog", 11, 9));

  private TwoMethods() {}

  /** All of it. */
  public static Comparison comparison() {
    return comparison(ORIGINAL, QUICK, THOROUGH);
  }

  /** Other methods above the same runs. */
  public static Comparison comparison(Method... methods) {
    return new Comparison(Comparison.SCHEMA, List.of(methods), RUNS);
  }

  /** The same runs as an ordinary page has them, with the means. */
  public static Summary summary() {
    return new Summary(
        Summary.SCHEMA,
        RUNS,
        List.of(
            new Summary.Average("Quick", List.of("cat", "dog"), average(5, 2), average(1, 1)),
            new Summary.Average("Thorough", List.of("cat", "dog"), average(4, 3), average(1, 1))));
  }

  /** A method with one view, of which the H_o is known. */
  public static Method of(String title, List<String> concepts, Interval hO) {
    Figures figures = new Figures(interval(1), interval(21), interval(41), hO);
    return new Method(
        title,
        title,
        concepts,
        new AverageModel(null, null, "CLIP score", figures, null),
        null,
        List.of());
  }

  /** Quick on the cat, with the original. */
  public static Summary.Run cat() {
    return RUNS.get(0);
  }

  /** A run of the classifier's figures of two models. */
  public static Summary.Run run(String label, String concept, int model, int original) {
    return new Summary.Run(
        "suite", label, concept, "sky", 4, List.of("1"), model(model), model(original));
  }

  /** The figures of a model, without sets. */
  public static Summary.Model model(int model) {
    AverageModel average = average(model, model);
    return new Summary.Model(
        "print", average.closed(), average.open(), List.of(), null, null, null, average.subtypes());
  }

  private static AverageModel average(int closed, int open) {
    return new AverageModel(
        new Both(figures(closed, 0.1), figures(closed, 0.2)),
        new Both(figures(open, 0.3), figures(open, 0.4)),
        null,
        null,
        new AverageModel(
            new Both(figures(closed, 0.5), figures(closed, 0.7)),
            new Both(figures(open, 0.6), figures(open, 0.8)),
            null,
            null,
            null));
  }

  private static Figures figures(int model, double view) {
    double first = model + view;
    return new Figures(
        interval(first), interval(20 + first), interval(40 + first), interval(60 + first));
  }

  private static Interval interval(double value) {
    return new Interval(value, value - 1, value + 2);
  }
}
