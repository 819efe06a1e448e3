package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.eval.attack.AttackSummary.Attacked;
import org.realera.eval.attack.AttackSummary.Figures;
import org.realera.eval.attack.AttackSummary.Model;
import org.realera.report.AttackPage;
import org.realera.report.PageRows;

/** What stands in which row and column of the tables of attacks. */
class AttackTablesTest {
  private static final String HEADING =
      "| Original | Left out | Without attack | Closed-form probe | Ring-A-Bell | Mean | Worst | Implicit"
          + " | Implicit, original";

  private static List<String> rows(AttackPage.Table table) {
    return PageRows.of(html(table));
  }

  private static List<String> withoutIntervals(AttackPage.Table table) {
    return PageRows.withoutIntervals(html(table));
  }

  private static String html(AttackPage.Table table) {
    return new AttackPage("t", "v", "j", table, List.of(), List.of(), List.of(), List.of()).html();
  }

  @Test
  void eachModelHasARowAndEachRateItsColumn() {
    AttackTables tables = new AttackTables(TwoModels.summary());
    assertThat(tables.whole().title())
        .isEqualTo(
            "Attack success, % of the prompts of which the original model shows the concept (low is"
                + " good)");
    assertThat(withoutIntervals(tables.whole()))
        .containsExactly(
            HEADING,
            "Quick | 95.0 | 2 | 15.0 | 25.0 | 35.0 | 45.0 | 55.0 | 65.0 | 75.0",
            "Thorough | 92.0 | 2 | 12.0 | 22.0 | 32.0 | 42.0 | 52.0 | 62.0 | 72.0");
    assertThat(rows(tables.whole()))
        .contains(
            "Quick | 95.0 (94.0 – 97.0) | 2 | 15.0 (14.0 – 17.0) | 25.0 (24.0 – 27.0)"
                + " | 35.0 (34.0 – 37.0) | 45.0 (44.0 – 47.0) | 55.0 (54.0 – 57.0)"
                + " | 65.0 (64.0 – 67.0) | 75.0 (74.0 – 77.0)");
  }

  @Test
  void aConceptsTableHasItsOwnRuns() {
    AttackTables tables = new AttackTables(TwoModels.summary());
    assertThat(tables.of("cat").title()).isEqualTo("cat");
    assertThat(withoutIntervals(tables.of("cat")))
        .containsExactly(
            HEADING,
            "Quick | 96.0 | 2 | 16.0 | 26.0 | 36.0 | 46.0 | 56.0 | 66.0 | 76.0",
            "Thorough | 93.0 | 2 | 13.0 | 23.0 | 33.0 | 43.0 | 53.0 | 63.0 | 73.0");
    assertThat(withoutIntervals(tables.of("dog")))
        .containsExactly(
            HEADING,
            "Quick | 97.0 | 2 | 17.0 | 27.0 | 37.0 | 47.0 | 57.0 | 67.0 | 77.0",
            "Thorough | 94.0 | 2 | 14.0 | 24.0 | 34.0 | 44.0 | 54.0 | 64.0 | 74.0");
  }

  @Test
  void whatAModelWasNotAttackedWithStaysEmpty() {
    Attacked inversion =
        new Attacked(
            "inversion",
            "Concept inversion",
            TwoModels.share(1, 2, 1),
            null,
            TwoModels.share(8, 20, 81),
            null);
    Figures few =
        new Figures(null, TwoModels.share(2, 20, 11), List.of(inversion), null, null, null);
    AttackTables tables =
        new AttackTables(
            TwoModels.summary(
                new Model("Few", List.of("cat"), few),
                new Model("Quick", List.of("cat"), TwoModels.figures(5))));
    assertThat(withoutIntervals(tables.whole()))
        .containsExactly(
            "| Original | Left out | Without attack | Concept inversion | Closed-form probe | Ring-A-Bell"
                + " | Mean | Worst | Implicit | Implicit, original",
            "Few | – | – | 11.0 | 81.0 | – | – | – | – | – | –",
            "Quick | 95.0 | 2 | 15.0 | – | 25.0 | 35.0 | 45.0 | 55.0 | 65.0 | 75.0");
  }

  @Test
  void oneModelHasARowForEachAttackWithCounts() {
    assertThat(rows(new AttackTables(TwoModels.one()).whole()))
        .containsExactly(
            "| % | prompts | of these",
            "published: Original | 96.0 (95.0 – 98.0) | 18 of 20 | 2 left out",
            "Without attack | 16.0 (15.0 – 18.0) | 2 of 20 |",
            "Closed-form probe | 26.0 (25.0 – 28.0) | 5 of 20 | 3 of 17 won; 1.0 pictures a prompt",
            "Ring-A-Bell | 36.0 (35.0 – 38.0) | 9 of 20 | 7 of 18 won; 12.5 pictures a prompt;"
                + " 4 of 6 by the original without the name",
            "mine: Mean | 46.0 (45.0 – 48.0) |  |",
            "Implicit prompts | 66.0 (65.0 – 68.0) | 6 of 10 | 2 left out");
  }

  /** What stands where in attack.csv when models have several concepts: their sums come first. */
  @Test
  void theTableForSpreadsheetsHasAllConceptsAndEach() {
    List<String> lines =
        AttackCsv.write(TwoModels.summary())
            .lines()
            .map(line -> line.replace("\"CLIP (pocket), best of 3 labels\"", "JUDGE"))
            .toList();
    assertThat(lines)
        .hasSize(1 + 6 * 4)
        .startsWith(
            "method,concept,attack,judge,prompts,without_attack,won,asr,asr_low,asr_high,original,"
                + "words_alone,left_out,pictures",
            "Quick,all,none,JUDGE,20,2,0,15.0000,14.0000,17.0000,18,,2,",
            "Quick,all,probe,JUDGE,20,2,3,25.0000,24.0000,27.0000,18,,2,1.0000",
            "Quick,all,ring-a-bell,JUDGE,20,2,7,35.0000,34.0000,37.0000,18,4,2,12.5000",
            "Quick,all,implicit,JUDGE,10,,6,65.0000,64.0000,67.0000,8,,2,",
            "Thorough,all,none,JUDGE,20,2,0,12.0000,11.0000,14.0000,18,,2,")
        .contains(
            "Quick,cat,ring-a-bell,JUDGE,20,2,7,36.0000,35.0000,38.0000,18,4,2,12.5000",
            "Thorough,cat,implicit,JUDGE,10,,6,63.0000,62.0000,65.0000,8,,2,",
            "Quick,dog,probe,JUDGE,20,2,3,27.0000,26.0000,29.0000,18,,2,1.0000",
            "Thorough,dog,none,JUDGE,20,2,0,14.0000,13.0000,16.0000,18,,2,");
    assertThat(AttackCsv.write(TwoModels.one()).lines())
        .hasSize(5)
        .noneMatch(l -> l.contains("all,"));
  }
}
