package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.report.LabelPlaces.Box;
import org.realera.report.LabelPlaces.Dot;

class LabelPlacesTest {
  private static final Box AREA = new Box(48, 26, 746, 396);

  @Test
  void aLonelyNameStandsBesideItsPoint() {
    Box place = LabelPlaces.of(List.of(new Dot("UCE", 300, 200)), List.of(), AREA).get(0);
    assertThat(place.distance(300, 200)).isLessThan(LabelPlaces.NEAR);
    assertThat(place.contains(new Box(300, 200, 300, 200))).isFalse();
  }

  @Test
  void aNameGoesOffTheLinesIfItCan() {
    Box cross = Box.between(200, 200, 400, 200);
    Box place = LabelPlaces.of(List.of(new Dot("UCE", 300, 200)), List.of(cross), AREA).get(0);
    assertThat(place.meets(cross)).isFalse();
  }

  /** Twenty methods, ever more crowded: at 0 all have the same figures. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 5, 30, 120, 300})
  void noNameLiesOnAnotherNorOnAPointNorOutside(double spread) {
    SplittableRandom random = new SplittableRandom(1);
    List<Dot> dots = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      double x = 700 - spread * random.nextDouble();
      double y = 380 - spread * random.nextDouble();
      dots.add(new Dot("Selective amnesia".substring(0, 3 + i % 15), x, y));
    }
    List<Box> places = LabelPlaces.of(dots, List.of(), AREA);
    for (int i = 0; i < places.size(); i++) {
      assertThat(AREA.contains(places.get(i))).isTrue();
      for (int j = 0; j < places.size(); j++) {
        assertThat(i != j && places.get(i).meets(places.get(j))).isFalse();
        assertThat(places.get(i).distance(dots.get(j).x(), dots.get(j).y())).isPositive();
      }
    }
  }
}
