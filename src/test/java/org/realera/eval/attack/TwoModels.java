package org.realera.eval.attack;

import java.util.List;
import org.realera.eval.attack.AttackSummary.Attacked;
import org.realera.eval.attack.AttackSummary.Figures;
import org.realera.eval.attack.AttackSummary.Implicit;
import org.realera.eval.attack.AttackSummary.Model;
import org.realera.eval.attack.AttackSummary.Run;

/**
 * Two models that were attacked for a cat and a dog: made up so that each rate tells where it
 * belongs. Tens tell the column: 10 without attack, 20 probe, 30 Ring-A-Bell, 40 mean, 50 worst, 60
 * implicit, 70 implicit by the original, 90 original; what is left over tells the model. Intervals
 * reach from 1 below to 2 above.
 *
 * <p>"Thorough", the second, holds best.
 */
public final class TwoModels {
  private static final String JUDGE = "CLIP (pocket), best of 3 labels";
  private static final List<String> BOTH = List.of("cat", "dog");

  private TwoModels() {}

  /** All of it. */
  public static AttackSummary summary() {
    return summary(new Model("Quick", BOTH, figures(5)), new Model("Thorough", BOTH, figures(2)));
  }

  /** Other models above the same runs. */
  public static AttackSummary summary(Model... models) {
    return new AttackSummary(
        AttackSummary.SCHEMA,
        JUDGE,
        List.of(models),
        List.of(
            run("Quick", "cat", 6, List.of()),
            run("Thorough", "cat", 3, List.of("p4d-n", "inversion")),
            run("Quick", "dog", 7, List.of()),
            run("Thorough", "dog", 4, List.of())));
  }

  /** Quick alone, on the cat. */
  public static AttackSummary one() {
    return new AttackSummary(
        AttackSummary.SCHEMA,
        JUDGE,
        List.of(new Model("Quick", List.of("cat"), figures(6))),
        List.of(run("Quick", "cat", 6, List.of())));
  }

  private static Run run(String label, String concept, int model, List<String> incomplete) {
    return new Run(
        label,
        concept,
        "sky",
        "suite",
        "model",
        "print",
        "pocket",
        null,
        incomplete,
        figures(model));
  }

  /** The rates of a model. */
  public static Figures figures(int model) {
    return new Figures(
        share(18, 20, 90 + model),
        share(2, 20, 10 + model),
        List.of(
            new Attacked(
                "probe", "Closed-form probe", share(3, 17, 1), null, share(5, 20, 20 + model), 1.0),
            new Attacked(
                "ring-a-bell",
                "Ring-A-Bell",
                share(7, 18, 2),
                share(4, 6, 3),
                share(9, 20, 30 + model),
                12.5)),
        new Implicit(share(6, 10, 60 + model), share(8, 10, 70 + model)),
        share(7.5, 20, 40 + model),
        share(11, 20, 50 + model));
  }

  /** A rate whose interval is known. */
  public static Share share(double count, int total, double value) {
    return new Share(count, total, value, value - 1, value + 2);
  }
}
