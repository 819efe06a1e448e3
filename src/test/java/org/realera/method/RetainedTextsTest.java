package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;

class RetainedTextsTest {
  @TempDir private Path folder;

  /** Names end in dots and begin with letters that are not ASCII; a part of a word is none. */
  @Test
  void aTextThatNamesAConceptIsNotRetained() {
    List<String> kept =
        List.of("cats", "a tomcat2", "Robert Downey Jr", "\u00c9milein", "b\u00e9", "Tom Hanks");
    List<String> dropped =
        List.of(
            "the CAT, sitting",
            "an actor, Robert Downey Jr.",
            "robert downey jr. in a suit",
            "\u00e9mile's hat",
            "a portrait of \u00c9mile");
    EraseRecipe recipe =
        RecipeReader.parse(
                "a test",
                "concepts: [{concept: cat, anchor: dog}, {concept: Robert Downey Jr., anchor: man},"
                    + " {concept: \u00c9mile, anchor: man}, {concept: b, anchor: c}]\n")
            .with("preserve", List.of(kept, dropped).stream().flatMap(List::stream).toList());
    RecordingRun run = new RecordingRun(folder);
    assertThat(RetainedTexts.named(recipe, run)).isEqualTo(kept);
    assertThat(run.notes)
        .hasSize(5)
        .contains("\"an actor, Robert Downey Jr.\" is not retained, for it names a concept");
  }
}
