package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.config.ConceptPair;

class EditedCardTest {
  private static final List<ConceptPair> CAT = List.of(new ConceptPair("cat", "dog"));

  @TempDir private Path folder;

  @Test
  void theNoteStandsBetweenFrontMatterAndTheOriginalsCard() {
    String card = "---\nlicense: openrail\n---\n\n# SD\nDraws cats.\n";
    assertThat(EditedCard.edited(card, "sd-v1-4", CAT))
        .startsWith("---\nlicense: openrail\n---\n> **Edited by realera.** This is sd-v1-4")
        .contains("a concept erased: cat → dog.", "its figures are the original's")
        .endsWith("\n\n# SD\nDraws cats.\n");
  }

  @Test
  void aByteOrderMarkDoesNotHideTheFrontMatter() {
    assertThat(EditedCard.edited("\ufeff---\nlicense: openrail\n---\n# SD\n", "m", CAT))
        .startsWith("---\nlicense: openrail\n---\n> **Edited by realera.**");
  }

  @Test
  void aRulerInTheTextIsNoFrontMatter() {
    assertThat(EditedCard.edited("# SD\n---\nx\n---\n", "m", CAT))
        .startsWith("> **Edited by realera.**")
        .endsWith("# SD\n---\nx\n---\n");
  }

  @Test
  void aModelWithoutACardGetsOne() throws IOException {
    EditedCard.write(folder, "m", CAT);
    assertThat(Files.readString(folder.resolve("README.md")))
        .contains("cat → dog")
        .doesNotContain("What follows");
  }

  @Test
  void manyConceptsAreCounted() {
    List<ConceptPair> many =
        IntStream.range(0, 25).mapToObj(i -> new ConceptPair("c" + i, "sky")).toList();
    assertThat(EditedCard.edited("", "m", many))
        .contains("concepts erased: c0 → sky", "c19 → sky and 5 more.")
        .doesNotContain("c20");
  }
}
