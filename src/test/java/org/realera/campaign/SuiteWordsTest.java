package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;

class SuiteWordsTest {
  @Test
  void namesSynonymsAndScenesOfAllSuitesAreThereEachOnce() {
    List<String> all = SuiteWords.all();
    assertThat(all).doesNotHaveDuplicates().contains("automobile", "car", "sky");
    for (String name : SuiteReader.SHIPPED) {
      Suite suite = SuiteReader.read(name);
      assertThat(all).containsAll(suite.scenes());
      assertThat(suite.concepts())
          .allSatisfy(
              concept -> assertThat(all).contains(concept.name()).containsAll(concept.synonyms()));
    }
  }
}
