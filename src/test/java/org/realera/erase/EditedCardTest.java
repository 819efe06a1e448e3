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
import org.realera.config.MethodName;

class EditedCardTest {
  private static final List<ConceptPair> CAT = List.of(new ConceptPair("cat", "dog"));

  @TempDir private Path folder;

  @Test
  void theNoteStandsBetweenFrontMatterAndTheOriginalsCard() {
    String card = "---\nlicense: openrail\n---\n\n# SD\nDraws cats.\n";
    assertThat(EditedCard.edited(card, "sd-v1-4", MethodName.REALERA, CAT))
        .startsWith("---\nlicense: openrail\n---\n> **Edited by realera.** This is sd-v1-4")
        .contains("a concept erased: cat → dog.", "its figures are the original's")
        .endsWith("\n\n# SD\nDraws cats.\n");
  }

  @Test
  void aByteOrderMarkDoesNotHideTheFrontMatter() {
    assertThat(
            EditedCard.edited(
                "\ufeff---\nlicense: openrail\n---\n# SD\n", "m", MethodName.REALERA, CAT))
        .startsWith("---\nlicense: openrail\n---\n> **Edited by realera.**");
  }

  @Test
  void aRulerInTheTextIsNoFrontMatter() {
    assertThat(EditedCard.edited("# SD\n---\nx\n---\n", "m", MethodName.REALERA, CAT))
        .startsWith("> **Edited by realera.**")
        .endsWith("# SD\n---\nx\n---\n");
  }

  @Test
  void aModelWithoutACardGetsOne() throws IOException {
    EditedCard.write(folder, "m", MethodName.REALERA, CAT);
    assertThat(Files.readString(folder.resolve("README.md")))
        .contains("cat → dog")
        .doesNotContain("What follows");
  }

  @Test
  void manyConceptsAreCounted() {
    List<ConceptPair> many =
        IntStream.range(0, 25).mapToObj(i -> new ConceptPair("c" + i, "sky")).toList();
    assertThat(EditedCard.edited("", "m", MethodName.REALERA, many))
        .contains("concepts erased: c0 → sky", "c19 → sky and 5 more.")
        .doesNotContain("c20");
  }

  /** A reader of Markdown shows the words themselves. */
  @Test
  void namesAreNeitherMarkdownNorHtmlNorFrontMatter() {
    assertThat(noteOn("<script>alert(1)</script> & co", "cat"))
        .contains("This is &lt;script&gt;alert(1)&lt;/script&gt; &amp; co with")
        .doesNotContain("<script");
    assertThat(noteOn("m", "![x](http://evil/x.png) **b** `c` # d | ~e~"))
        .contains(
            "\\!\\[x\\](http&#58;//evil/x.png) \\*\\*b\\*\\* \\`c\\` \\# d \\| \\~e\\~ → dog");
    assertThat(noteOn("m", "www.evil.org a@evil.org"))
        .contains("www&#46;evil.org a&#64;evil.org → dog");
    assertThat(noteOn("org/sd_v1-4_ema_", "cat")).contains("This is org/sd_v1-4_ema\\_ with");
    assertThat(noteOn("---\nlicense: mit\n---\nm\u001b[2J", "cat"))
        .startsWith("> **Edited by realera.** This is --- license: mit --- m\\\\u001b\\[2J with");
  }

  private static String noteOn(String model, String concept) {
    return EditedCard.edited(
        "", model, MethodName.REALERA, List.of(new ConceptPair(concept, "dog")));
  }
}
