package org.realera.campaign;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;

/** The words that the shipped suites ask about: what an erasing range is compared with. */
public final class SuiteWords {
  private SuiteWords() {}

  /** Names, synonyms and scenes of all suites, each once. */
  public static List<String> all() {
    Set<String> all = new LinkedHashSet<>();
    for (String name : SuiteReader.SHIPPED) {
      Suite suite = SuiteReader.read(name);
      suite.concepts().forEach(concept -> all.add(concept.name()));
      suite.concepts().forEach(concept -> all.addAll(concept.synonyms()));
      all.addAll(suite.scenes());
    }
    return List.copyOf(all);
  }
}
