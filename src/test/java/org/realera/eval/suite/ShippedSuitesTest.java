package org.realera.eval.suite;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.golden.Shipped;

/** Every word and number of every suite that ships. */
class ShippedSuitesTest {
  @Test
  void everySuiteIsWhatTheFileSays() {
    List<String> suites = new ArrayList<>(SuiteReader.SHIPPED);
    suites.add("configs/eval/pocket-words.yaml");
    suites.add("configs/eval/pocket-subtypes.yaml");
    Shipped shipped = new Shipped();
    for (String name : suites) {
      Suite suite = SuiteReader.read(name);
      shipped.all(suite.name(), suite);
    }
    shipped.assertIs("suites.txt");
  }
}
