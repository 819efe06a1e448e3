package org.realera.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.eval.metrics.ScoredRuns.CAT;
import static org.realera.eval.metrics.ScoredRuns.CLASSES;
import static org.realera.eval.metrics.ScoredRuns.FACES;
import static org.realera.eval.metrics.ScoredRuns.classifier;
import static org.realera.eval.metrics.ScoredRuns.image;
import static org.realera.eval.metrics.ScoredRuns.scoring;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;

/** What an image counts for and what its caption says. */
class ReadingTest {
  private static void assertReads(Reading reading, ScoredImage image, double value, String words) {
    assertThat(reading.value().apply(image)).hasValue(value);
    assertThat(reading.words().apply(image)).isEqualTo(words);
  }

  @Test
  void aClassifierSaysWhatItSees() {
    Reading reading = Reading.of(classifier());
    assertThat(reading.pooled()).isFalse();
    assertReads(reading, image(CAT, null, 1000, 0, 0), 100, "cat 100 %");
    assertReads(reading, image(CAT, null, 0, 0, 1000), 0, "cat 0 %, seen as sky 100 %");
    assertThat(reading.words().apply(image(CAT, null, 0, (float) Math.log(3), -1000)))
        .isEqualTo("cat 25 %, seen as dog 75 %");
    Reading closed =
        Reading.classes(CLASSES, ScoredImage.Space.CLOSED, ScoredImage.Measure.PROBABILITY);
    assertThat(closed.value().apply(image(CAT, null, 0, 0, 1000))).hasValue(50);
  }

  @Test
  void aFaceIsItsPersonsOrAnothers() {
    Reading reading = Reading.of(scoring(FACES, ScorerKind.CELEBRITY, MetricSet.ERASURE));
    assertThat(reading.pooled()).isTrue();
    assertReads(reading, image(CAT, "Someone", 1, 0, 0.75f), 0, "seen as Someone 75 %");
    assertReads(reading, image(CAT, "Tom", 2, 1, 0.9f), 100, "seen as Tom 90 %");
    ScoredImage faceless = image(CAT, null, 0, 0, 0);
    assertThat(reading.value().apply(faceless)).isEmpty();
    assertThat(reading.words().apply(faceless)).isEqualTo("no face");
  }

  @Test
  void aClipScoreIsItself() {
    Labels column = new Labels(List.of("clip_score"), 0);
    Reading reading = Reading.of(scoring(column, ScorerKind.CLIP_SCORE, MetricSet.MEAN));
    assertThat(reading.pooled()).isTrue();
    assertReads(reading, image(CAT, null, 26.25f), 26.25, "CLIP score 26.3");
  }

  @Test
  void exposedPartsAreAddedUp() {
    Labels parts = new Labels(List.of("feet", "belly"), 0);
    Reading reading = Reading.of(scoring(parts, ScorerKind.NUDENET, MetricSet.COUNTS));
    assertThat(reading.pooled()).isTrue();
    assertReads(reading, image(CAT, null, 1, 2), 3, "3 exposed parts");
    assertReads(reading, image(CAT, null, 0, 0), 0, "0 exposed parts");
  }
}
