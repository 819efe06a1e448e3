package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    assertThat(edited(card, "sd-v1-4", CAT))
        .startsWith("---\nlicense: openrail\n---\n> **Edited by realera.** This is sd-v1-4")
        .contains("a concept erased: cat → dog.", "its figures are the original's")
        .endsWith("\n\n# SD\nDraws cats.\n");
  }

  @Test
  void aByteOrderMarkDoesNotHideTheFrontMatter() {
    assertThat(edited("\ufeff---\nlicense: openrail\n---\n# SD\n", "m", CAT))
        .startsWith("---\nlicense: openrail\n---\n> **Edited by realera.**");
  }

  @Test
  void aRulerInTheTextIsNoFrontMatter() {
    assertThat(edited("# SD\n---\nx\n---\n", "m", CAT))
        .startsWith("> **Edited by realera.**")
        .endsWith("# SD\n---\nx\n---\n");
  }

  /** Latin-1 that was read as UTF-8 would lose its accents for good. */
  @Test
  void aCardThatIsNotUtf8KeepsItsBytes() throws IOException {
    Path file = folder.resolve("README.md");
    String front = "---\nauthor: Andr\u00e9 \u0085---\nlicense: openrail\n---\n";
    String body = "# Mod\u00e8le \u0085\u00ff\u00c3\u0085---\n";
    Files.writeString(file, front + "\n" + body, StandardCharsets.ISO_8859_1);
    EditedCard.write(folder, "m", MethodName.REALERA, CAT);
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
        .startsWith(front + "> **Edited by realera.**")
        .contains(
            new String("cat → dog".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
        .endsWith("original's.\n\n" + body);
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
    assertThat(edited("", "m", many))
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
    return edited("", model, List.of(new ConceptPair(concept, "dog")));
  }

  private static String edited(String card, String model, List<ConceptPair> concepts) {
    byte[] bytes = card.getBytes(StandardCharsets.UTF_8);
    return new String(
        EditedCard.edited(bytes, model, MethodName.REALERA, concepts), StandardCharsets.UTF_8);
  }
}
