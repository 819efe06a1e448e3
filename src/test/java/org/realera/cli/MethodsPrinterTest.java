package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.metrics.Comparison.Cost;
import org.realera.eval.metrics.Comparison.Method;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.TwoMethods;

/** What stands in which row and column of a comparison that a command prints. */
class MethodsPrinterTest {
  private static final String HEADING = " | Acc_e (low) | Acc_s (high) | Acc_g (low) | H_o (high)";
  private static final Path OUT = Path.of("out");

  private static List<String> rows(Comparison comparison) {
    Said said = new Said();
    new MethodsPrinter(said.console().out(), comparison).print(OUT);
    return said.rows();
  }

  @Test
  void meansStandByViewAndCostsBesideTheFirst() {
    assertThat(rows(TwoMethods.comparison()))
        .containsExactly(
            "",
            "suite: 2 concepts, 4 images of each prompt; means (H_o: of H_o's), costs a concept",
            "",
            "open set" + HEADING + " | seconds | passes | memory | tensors",
            "original | 1.3 [0.3, 3.3] | 21.3 [20.3, 23.3] | 41.3 [40.3, 43.3]"
                + " | 61.3 [60.3, 63.3] | - | - | - | -",
            "Quick | 2.3 [1.3, 4.3] | 22.3 [21.3, 24.3] | 42.3 [41.3, 44.3]"
                + " | 62.3 [61.3, 64.3] | 1.5 | 1000 | 3.00 GB | 32",
            "Thorough | 3.3 [2.3, 5.3] | 23.3 [22.3, 25.3] | 43.3 [42.3, 45.3]"
                + " | 63.3 [62.3, 65.3] | 2.5 | 2000 | 4.00 GB | 64",
            "",
            "open set, subtypes" + HEADING,
            "original | 1.6 [0.6, 3.6] | 21.6 [20.6, 23.6] | 41.6 [40.6, 43.6]"
                + " | 61.6 [60.6, 63.6]",
            "Quick | 2.6 [1.6, 4.6] | 22.6 [21.6, 24.6] | 42.6 [41.6, 44.6]"
                + " | 62.6 [61.6, 64.6]",
            "Thorough | 3.6 [2.6, 5.6] | 23.6 [22.6, 25.6] | 43.6 [42.6, 45.6]"
                + " | 63.6 [62.6, 65.6]",
            "",
            "closed set" + HEADING,
            "original | 1.1 [0.1, 3.1] | 21.1 [20.1, 23.1] | 41.1 [40.1, 43.1]"
                + " | 61.1 [60.1, 63.1]",
            "Quick | 5.1 [4.1, 7.1] | 25.1 [24.1, 27.1] | 45.1 [44.1, 47.1]"
                + " | 65.1 [64.1, 67.1]",
            "Thorough | 4.1 [3.1, 6.1] | 24.1 [23.1, 26.1] | 44.1 [43.1, 46.1]"
                + " | 64.1 [63.1, 66.1]",
            "",
            OUT.resolve("summary.json").toString(),
            OUT.resolve("methods.csv").toString(),
            OUT.resolve("report.html").toString());
  }

  @Test
  void whatIsNotKnownIsADash() {
    Method plain = TwoMethods.of("Plain", List.of("cat"), new Interval(61, 61, 61));
    Method one =
        new Method(
            "plain",
            "Plain",
            List.of("cat"),
            plain.figures(),
            new Cost(null, 20.0, null, 30.0),
            List.of());
    assertThat(rows(TwoMethods.comparison(one)))
        .contains(
            "suite: 1 concept, 4 images of each prompt; means (H_o: of H_o's), costs a concept")
        .contains(
            "Plain | 1.0 [0.0, 3.0] | 21.0 [20.0, 23.0] | 41.0 [40.0, 43.0] | 61.0"
                + " | - | 20 | - | 30");
  }

  @Test
  void theConceptsAreThoseOfTheMethodThatErasedMost() {
    Interval point = new Interval(61, 61, 61);
    assertThat(
            rows(
                TwoMethods.comparison(
                    TwoMethods.of("One", List.of("cat"), point),
                    TwoMethods.of("Other", List.of("cat", "dog", "cow"), point),
                    TwoMethods.of("Third", List.of("cat", "dog"), point))))
        .anyMatch(row -> row.startsWith("suite: 3 concepts, 4 images"));
  }
}
