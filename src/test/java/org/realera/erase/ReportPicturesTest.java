package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.ReportSettings;
import org.realera.config.ReportSettings.Pictures;
import org.realera.method.Stage;

/** Which pictures a report has of many concepts. */
class ReportPicturesTest {
  private static final List<String> WORDS =
      List.of(
          "house", "book", "family", "friday", "birthday", "ball", "city", "black", "beautiful");

  @TempDir Path root;

  @Test
  void ofManyConceptsTheFirstEightAreDrawnAndTheReportSaysSo() throws IOException {
    String log = erase(9);
    String html = Files.readString(root.resolve("9/report.html"));
    for (String word : WORDS.subList(0, 8)) {
      assertThat(html).contains("<p class=\"role\">Erased</p><h3>a photo of the " + word + "</h3>");
    }
    assertThat(html)
        .doesNotContain("<h3>a photo of the beautiful</h3>")
        .contains(
            "Of 9 concepts the first 8 are shown: to see another, run realera generate with this"
                + " folder as --model and a --prompt such as “a photo of the beautiful”.");
    assertThat(log).endsWith(" prompts, for the first 8 of 9 concepts");
  }

  @Test
  void eightConceptsAreAllDrawnAndNothingIsSaidOfOthers() throws IOException {
    String log = erase(8);
    assertThat(Files.readString(root.resolve("8/report.html")))
        .contains("<p class=\"role\">Erased</p><h3>a photo of the black</h3>")
        .contains(">Same prompts, same seeds; only the model differs.</p>");
    assertThat(log).endsWith(" prompts");
  }

  /** What the log says of the pictures. */
  private String erase(int concepts) {
    EraseRecipe tiny = TinyModel.recipe();
    EraseRecipe recipe =
        tiny.with(
                "concepts",
                WORDS.stream()
                    .limit(concepts)
                    .map(word -> new ConceptPair(word, "a game"))
                    .toList())
            .with("alignment.enabled", false)
            .with(
                "report",
                new ReportSettings(Pictures.ALWAYS, 1, 1, 2, List.of(), List.of("morning")));
    EraseRequest request = TinyModel.request(recipe, root.resolve(String.valueOf(concepts)));
    return String.valueOf(TinyRuns.run(request).summaries().get(Stage.PICTURES));
  }
}
