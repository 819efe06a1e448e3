package org.realera.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a classifier may call an image. */
class SuiteLabelsTest {
  private static final Suite SUITE = SuiteReader.read("cifar10");

  @ParameterizedTest
  @CsvSource({
    "automobile,       automobile",
    "Automobile,       automobile",
    "car,              automobile",
    "'  CAR ',         automobile",
    "winged creature,  bird",
    "sky,              sky",
    "Sky,              sky",
    "Night Sky,        night sky"
  })
  void anAnchorThatIsAnotherWordForALabelIsNoSecondOne(String anchor, String label) {
    List<String> plain = SUITE.labels(null).names();
    assertThat(SUITE.label(anchor)).contains(label);
    Labels labels = SUITE.labels(anchor);
    assertThat(labels.names()).containsExactlyInAnyOrderElementsOf(plain);
    assertThat(labels.closed()).isEqualTo(10);
    assertThat(labels).isEqualTo(SUITE.labels(label));
  }

  @Test
  void anAnchorOfItsOwnComesBeforeTheScenes() {
    List<String> names = SUITE.labels("lawn").names();
    assertThat(names).hasSize(SUITE.labels(null).names().size() + 1);
    assertThat(names.subList(9, 12)).containsExactly("truck", "lawn", "sky");
    assertThat(SUITE.label("lawn")).isEmpty();
  }

  @Test
  void aKindOfAClassBelongsToItAndWhatIsMetWithItDoesNot() {
    Suite suite =
        SuiteReader.parse(
            """
            name: kinds
            prompt: a photo of the {}
            samples: 1
            sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 8, height: 8}
            scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
            concepts:
              - {name: airplane, subtypes: [biplane], associated: [a runway]}
              - {name: dog}
            """,
            "kinds");
    assertThat(suite.label("Biplane")).contains("airplane");
    assertThat(suite.label("a runway")).isEmpty();
  }
}
