package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.ConceptPair;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;

/** Which concepts a campaign erases: each once, in a folder of its own. */
class ConceptsOfCampaignTest {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: tiny
          prompt: a photo of the {}
          samples: 2
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 16, height: 16}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
          concepts:
            - {name: cat, anchor: sky}
            - {name: house, anchor: city}
            - {name: cafe, anchor: sky}
            - {name: café, anchor: sea}
            - {name: dog}
          """,
          "tiny");

  @Test
  void theyHaveTheAnchorsOfTheSuite() {
    assertThat(Campaign.pairs(SUITE, List.of("café", "cat"), "measure"))
        .containsExactly(new ConceptPair("café", "sea"), new ConceptPair("cat", "sky"));
  }

  @ParameterizedTest
  @CsvSource({
    "cat, cat, '--erase has \"cat\" twice', Name each concept once.",
    "cat, Cat, '--erase has \"Cat\" twice', Name each concept once.",
    "cafe, café, '\"cafe\" and \"café\" of --erase would have folders of one name', Give each of"
        + " them an --out of its own."
  })
  void whatWouldHaveOneFolderIsRefused(String one, String other, String what, String remedy) {
    RealeraException error =
        catchThrowableOfType(
            RealeraException.class,
            () -> Campaign.pairs(SUITE, List.of(one, "house", other), "measure"));
    assertThat(error).isNotNull().hasMessage(what);
    assertThat(error.kind()).isEqualTo(Kind.USAGE);
    assertThat(error.remedy()).isEqualTo(remedy);
  }

  /** --erase takes no --anchor. */
  @Test
  void oneWithoutAnAnchorIsRefusedWithWhatCanBeDone() {
    RealeraException error =
        catchThrowableOfType(
            RealeraException.class, () -> Campaign.pairs(SUITE, List.of("cat", "dog"), "measure"));
    assertThat(error).isNotNull().hasMessage("suite tiny names no anchor for 'dog'");
    assertThat(error.remedy())
        .isEqualTo("Name one in the suite, or leave the concept out of --erase.");
    assertThat(Campaign.pair(SUITE, "dog", "sea")).isEqualTo(new ConceptPair("dog", "sea"));
  }

  @Test
  void allOfThemAreLookedAtToo() {
    assertThat(
            catchThrowableOfType(
                RealeraException.class, () -> Campaign.pairs(SUITE, List.of("all"), "measure")))
        .hasMessageContaining("folders of one name");
  }
}
