package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.concept.ConceptDistance;
import org.realera.concept.ConceptDistance.Zone;
import org.realera.config.MiningSettings;
import org.realera.erase.Scope.Near;
import org.realera.erase.Scope.Range;
import org.realera.erase.Scope.Source;
import org.realera.report.PageRows;

/** What of a range stands on its page. */
class ScopePageTest {
  @TempDir private Path folder;

  private static Near near(String text, Source source, double radius, double cosine, Zone zone) {
    return new Near(text, source, new ConceptDistance(radius, cosine), zone);
  }

  private String page(int words, List<Near> texts) throws IOException {
    MiningSettings mining = new MiningSettings(true, 10, 0.75, 0.25, 0.9, 0.6, words);
    Path file = folder.resolve("scope.html");
    ScopePage.write(
        file, List.of(new Range("airplane", "a photo of the airplane", mining, 1.5, texts, 99)));
    return Files.readString(file);
  }

  @Test
  void textsAreListedWithWhatWasMeasuredAndCountedBySourceAndZone() throws IOException {
    String page =
        page(
            3,
            List.of(
                near("jet", Source.VOCABULARY, 0.25, 0.9, Zone.NAMED),
                near("plane", Source.SUITES, 0.5, 0.8, Zone.INSIDE),
                near("bird", Source.VOCABULARY, 1, 0.4, Zone.BETWEEN),
                near("sky", Source.SUITES, 2, 0.1, Zone.BEYOND),
                near("house", Source.SUITES, 2.5, 0.05, Zone.BEYOND)));
    assertThat(PageRows.of(page))
        .containsExactly(
            "| vocabulary | suites",
            "named | 1 | 0",
            "inside | 0 | 1",
            "between | 1 | 0",
            "beyond | 0 | 2",
            "Nearest | from | distance | cosine | zone",
            "jet | vocabulary | 0.25 | 0.90 | named",
            "plane | suites | 0.50 | 0.80 | inside",
            "bird | vocabulary | 1.00 | 0.40 | between",
            "sky | suites | 2.00 | 0.10 | beyond",
            "house | suites | 2.50 | 0.05 | beyond");
    assertThat(page)
        .contains("<h1>What lies near “airplane”</h1>")
        .contains("5 texts against “a photo of the airplane”. Nearer than D1 = 0.75:")
        .contains("From D2 = 1.50 on")
        .contains("at most 3, down to cosine S2 = 0.60;")
        // of a vocabulary there are many, so their dots are small
        .containsPattern("<circle class=\"vocabulary\" [^>]* r=\"2\"><title>bird:")
        .containsPattern("<circle class=\"suites\" [^>]* r=\"3.5\"><title>plane:");
  }

  @Test
  void whatWasAskedForIsListedHoweverFarItLies() throws IOException {
    List<Near> texts = new ArrayList<>();
    for (int i = 0; i < 45; i++) {
      texts.add(near("w" + i, Source.VOCABULARY, 0.01 * i, 0.9, Zone.INSIDE));
    }
    texts.add(2, near("near", Source.LIST, 0.02, 0.9, Zone.INSIDE));
    texts.add(near("suite", Source.SUITES, 3, 0.1, Zone.BEYOND));
    texts.add(near("far", Source.PROMPT, 4, 0.1, Zone.BEYOND));
    texts.add(near("anchor", Source.ANCHOR, 5, 0.1, Zone.BEYOND));
    String page = page(0, texts);
    List<String> rows = PageRows.of(page);
    List<String> listed =
        rows.subList(rows.indexOf("Nearest | from | distance | cosine | zone") + 1, rows.size());
    assertThat(listed).hasSize(42);
    assertThat(listed.subList(39, 42))
        .containsExactly(
            "w38 | vocabulary | 0.38 | 0.90 | inside",
            "far | prompt | 4.00 | 0.10 | beyond",
            "anchor | anchor | 5.00 | 0.10 | beyond");
    assertThat(listed).containsOnlyOnce("near | list | 0.02 | 0.90 | inside");
    assertThat(page.split("<circle", -1)).hasSize(1 + 49);
  }
}
