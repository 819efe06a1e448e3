package org.realera.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.realera.config.YamlRecords;
import org.realera.config.YamlWords;

/** A value has one name: what a suite says, what run files say and what an error lists. */
class SuiteEnumsTest {
  private static final YamlWords WORDS =
      new YamlWords() {
        @Override
        public String whole() {
          return "the test";
        }

        @Override
        public String remedy() {
          return "Mend it.";
        }
      };

  /** Bound by reflection. */
  public record OfScorer(ScorerKind kind) {}

  /** Bound by reflection. */
  public record OfMetrics(MetricSet kind) {}

  /** Bound by reflection. */
  public record OfList(PromptList.Kind kind) {}

  private static <E, R extends Record> void assertRead(
      E[] values, Function<E, String> id, Class<R> type, Function<R, E> read) {
    assertThat(values).isNotEmpty();
    assertThat(Stream.of(values))
        .allSatisfy(
            value ->
                assertThat(
                        read.apply(
                            YamlRecords.read("test", "kind: " + id.apply(value), type, WORDS)))
                    .isEqualTo(value));
  }

  @Test
  void whatRunFilesWriteSuitesRead() {
    assertRead(ScorerKind.values(), ScorerKind::id, OfScorer.class, OfScorer::kind);
    assertRead(MetricSet.values(), MetricSet::id, OfMetrics.class, OfMetrics::kind);
    assertRead(PromptList.Kind.values(), PromptList.Kind::id, OfList.class, OfList::kind);
  }
}
