package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.TwoMethods;

/** What stands where in methods.csv. */
class MethodsCsvTest {

  @Test
  void eachFigureHasItsColumnAndWhatIsNotKnownIsEmpty() {
    Summary.AverageModel average =
        new Summary.AverageModel(null, null, "CLIP score", figures(10), null);
    Summary.Model model =
        new Summary.Model("abc", null, null, List.of(), "CLIP score", figures(50), null, null);
    Comparison comparison =
        new Comparison(
            "realera-eval-methods/1",
            List.of(
                new Comparison.Method(
                    "uce",
                    "UCE",
                    List.of("cat", "dog"),
                    average,
                    new Comparison.Cost(1.25, null, 3e9, 32.0),
                    List.of())),
            List.of(new Summary.Run("suite", "UCE", "cat", "sky", 4, List.of(), model, null)));
    assertThat(MethodsCsv.write(comparison).lines())
        .containsExactly(
            "method,title,concept,concepts,view,acc_e,acc_e_low,acc_e_high,acc_s,acc_s_low,"
                + "acc_s_high,acc_g,acc_g_low,acc_g_high,h_o,h_o_low,h_o_high,seconds,unet_passes,"
                + "peak_memory_bytes,tensors",
            "uce,UCE,mean,2,CLIP score,10.0000,9.0000,12.0000,20.0000,19.0000,22.0000,30.0000,"
                + "29.0000,32.0000,40.0000,39.0000,42.0000,1.250,,3000000000,32.0",
            "uce,UCE,cat,1,CLIP score,50.0000,49.0000,52.0000,60.0000,59.0000,62.0000,70.0000,"
                + "69.0000,72.0000,80.0000,79.0000,82.0000,,,,");
  }

  /** A run is of the method that tables call by its label; failing that, of the label. */
  @Test
  void everyRowSaysWhoseItIs() {
    List<String> lines =
        MethodsCsv.write(TwoMethods.comparison(TwoMethods.ORIGINAL, TwoMethods.THOROUGH))
            .lines()
            .toList();
    assertThat(lines).hasSize(1 + 2 * 6 + 4 * 6);
    assertThat(lines.get(1))
        .startsWith("original,original,mean,2,closed set,1.1000,0.1000,3.1000,");
    assertThat(lines.get(7)).startsWith("thorough,Thorough,mean,2,closed set,4.1000,");
    assertThat(lines.get(9)).startsWith("thorough,Thorough,mean,2,open set,3.3000,");
    assertThat(lines.get(13)).startsWith("Quick,Quick,cat,1,closed set,7.1000,");
    assertThat(lines.get(15)).startsWith("Quick,Quick,cat,1,open set,7.3000,");
    assertThat(lines.get(19)).startsWith("thorough,Thorough,cat,1,closed set,8.1000,");
    assertThat(lines.get(36)).startsWith("thorough,Thorough,dog,1,\"open set, subtypes\",11.6000,");
  }

  /** Four figures in steps of ten, each with an interval that is not even. */
  private static Figures figures(double first) {
    return new Figures(
        interval(first), interval(first + 10), interval(first + 20), interval(first + 30));
  }

  private static Interval interval(double value) {
    return new Interval(value, value - 1, value + 2);
  }
}
