package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.metrics.Comparison.Method;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.TwoMethods;
import org.realera.report.MethodsPage;
import org.realera.report.PageRows;

/** What stands in which row and column of the tables of a comparison. */
class MethodsTablesTest {
  private static final String HEADING = "| Acce ↓ | Accs ↑ | Accg ↓ | Ho ↑";
  private static final String PUBLISHED =
      "group: Published in the RealEra paper, measured by its authors on Stable Diffusion v1.4";

  /** The tables as a page shows them; of what was published, the paper's own method alone. */
  private static List<String> rows(List<MethodsPage.Table> tables) {
    MethodsPage page =
        new MethodsPage(
            "t", "v", tables, List.of(), List.of(), List.of(), List.of(), List.of(), true);
    return PageRows.withoutIntervals(page.html()).stream()
        .filter(row -> !row.startsWith("published: ") || row.contains("RealEra"))
        .toList();
  }

  @Test
  void theMeansStandByViewWithTheBestOfEachHighlighted() {
    List<MethodsPage.Table> tables =
        new MethodsTables(TwoMethods.comparison(), List.of("1")).means();
    assertThat(tables)
        .extracting(MethodsPage.Table::title)
        .containsExactly(
            "Open set: anchor and scenes are labels too",
            "Open set, subtypes",
            "Closed set: the published protocol");
    assertThat(rows(tables))
        .containsExactly(
            HEADING + " | seconds | U-Net passes | memory | tensors",
            "original | 1.3 | 21.3 | 41.3 | 61.3 | – | – | – | –",
            "Quick | 2.3 | 22.3 | 42.3 | 62.3 | 1.5 | 1000 | 3.00 GB | 32",
            "mine: Thorough | 3.3 | 23.3 | 43.3 | 63.3 | 2.5 | 2000 | 4.00 GB | 64",
            HEADING,
            "original | 1.6 | 21.6 | 41.6 | 61.6",
            "Quick | 2.6 | 22.6 | 42.6 | 62.6",
            "mine: Thorough | 3.6 | 23.6 | 43.6 | 63.6",
            HEADING,
            "original | 1.1 | 21.1 | 41.1 | 61.1",
            "mine: Quick | 5.1 | 25.1 | 45.1 | 65.1",
            "Thorough | 4.1 | 24.1 | 44.1 | 64.1",
            PUBLISHED,
            "published: RealEra | 5.71 | 95.91 | 8.37 | 93.85");
  }

  @Test
  void aConceptsTablesHaveItsOwnRunsAndWhatWasPublishedOfIt() {
    MethodsTables tables = new MethodsTables(TwoMethods.comparison(), List.of("1"));
    assertThat(rows(tables.of("cat")))
        .containsExactly(
            HEADING,
            "original | 6.3 | 26.3 | 46.3 | 66.3",
            "Quick | 7.3 | 27.3 | 47.3 | 67.3",
            "Thorough | 8.3 | 28.3 | 48.3 | 68.3",
            HEADING,
            "original | 6.6 | 26.6 | 46.6 | 66.6",
            "Quick | 7.6 | 27.6 | 47.6 | 67.6",
            "Thorough | 8.6 | 28.6 | 48.6 | 68.6",
            HEADING,
            "original | 6.1 | 26.1 | 46.1 | 66.1",
            "Quick | 7.1 | 27.1 | 47.1 | 67.1",
            "Thorough | 8.1 | 28.1 | 48.1 | 68.1",
            PUBLISHED,
            "published: RealEra | 2.67 | 95.43 | 2.41 | 96.77");
    assertThat(rows(tables.of("dog")).subList(0, 4))
        .containsExactly(
            HEADING,
            "original | 9.3 | 29.3 | 49.3 | 69.3",
            "Quick | 10.3 | 30.3 | 50.3 | 70.3",
            "Thorough | 11.3 | 31.3 | 51.3 | 71.3");
  }

  @Test
  void figuresStandOverTheirIntervals() {
    MethodsPage page =
        new MethodsPage(
            "t",
            "v",
            new MethodsTables(TwoMethods.comparison(), List.of()).means(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            true);
    assertThat(PageRows.of(page.html()))
        .contains(
            "mine: Thorough | 3.3 (2.3 – 5.3) | 23.3 (22.3 – 25.3) | 43.3 (42.3 – 45.3)"
                + " | 63.3 (62.3 – 65.3) | 2.5 | 2000 | 4.00 GB | 64");
  }

  /** The rows of what was published have no costs, and keep the columns all the same. */
  @Test
  void whatWasPublishedIsAsWideAsATableWithCosts() {
    Method one = TwoMethods.of("One", List.of("cat"), new Interval(60, 59, 62));
    List<MethodsPage.Table> tables =
        new MethodsTables(TwoMethods.comparison(one), List.of("1")).means();
    assertThat(rows(tables))
        .containsExactly(
            HEADING + " | seconds | U-Net passes | memory | tensors",
            "mine: One | 1.0 | 21.0 | 41.0 | 60.0 | – | – | – | –",
            PUBLISHED,
            "published: RealEra | 5.71 | 95.91 | 8.37 | 93.85 |  |  |  |");
  }

  /** Means over different concepts have no best among them. */
  @Test
  void methodsOfDifferentConceptsAreToldByThemAndNotHighlighted() {
    Comparison uneven =
        TwoMethods.comparison(
            TwoMethods.of("One", List.of("cat"), new Interval(60, 59, 62)),
            TwoMethods.of("Other", List.of("cat", "dog"), new Interval(70, 69, 72)));
    assertThat(rows(new MethodsTables(uneven, List.of()).means()))
        .contains(
            "One (cat) | 1.0 | 21.0 | 41.0 | 60.0 | – | – | – | –",
            "Other (cat, dog) | 1.0 | 21.0 | 41.0 | 70.0 | – | – | – | –");
  }

  /** Before anything is lost, the harmonic mean may be higher than after. */
  @Test
  void theOriginalIsNeverTheBest() {
    Comparison bad =
        TwoMethods.comparison(
            TwoMethods.of("original", List.of("cat"), new Interval(70, 69, 72)),
            TwoMethods.of("Bad", List.of("cat"), new Interval(60, 59, 62)));
    assertThat(rows(new MethodsTables(bad, List.of()).means()))
        .contains(
            "original | 1.0 | 21.0 | 41.0 | 70.0 | – | – | – | –",
            "mine: Bad | 1.0 | 21.0 | 41.0 | 60.0 | – | – | – | –");
  }
}
