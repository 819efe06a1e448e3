package org.realera.concept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.concept.ConceptDistance.Zone;
import org.realera.tensor.Noise;
import org.realera.text.ConceptBlock;
import org.realera.text.ConceptSpan;

class ConceptDistanceTest {
  private static final int WIDTH = Blocks.WIDTH;

  /** What mining calls radius and cosine of a perturbation is what is measured of it. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.36, 0.72, 1.1})
  void aPerturbationOfAKnownRadiusMeasuresThatRadiusAndItsCosine(double radius) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      ConceptBlock block = Blocks.block(scope, "and", "the", 3);
      ConceptGeometry geometry = new ConceptGeometry(block);
      var directions = geometry.draw(1, new Noise(5), scope);
      NDArray n =
          directions.towards().get(0).mul(geometry.length(radius) / directions.lengths()[0]);
      int start = (int) block.prefix().getShape().get(0);
      NDArray moved = block.encoded().duplicate();
      moved.set(new NDIndex("{}:", start), block.e().add(n));
      ConceptSpan span = new ConceptSpan(start, 1);
      ConceptDistance found =
          ConceptDistance.of(
              block.encoded().toFloatArray(), span, moved.toFloatArray(), span, WIDTH);
      assertThat(found.radius()).isEqualTo(radius, within(1e-5));
      assertThat(found.cosine())
          .isEqualTo(geometry.cosine(radius, directions.along()[0]), within(1e-5));
    }
  }

  @Test
  void aTextLiesOnItself() {
    float[] rows = new float[77 * 4];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (i * 31 % 17) - 8;
    }
    ConceptSpan span = new ConceptSpan(5, 2);
    ConceptDistance found = ConceptDistance.of(rows, span, rows, span, 4);
    assertThat(found.radius()).isZero();
    assertThat(found.cosine()).isEqualTo(1, within(1e-12));
  }

  @Test
  void aLongerTextIsPairedFromItsLastTokenOn() {
    // Rows of one number: the concept is row 1 of four; the other text is rows 1 and 2.
    float[] concept = {9, 2, 4, 6};
    float[] other = {9, 70, 2, 4};
    ConceptDistance found =
        ConceptDistance.of(concept, new ConceptSpan(1, 1), other, new ConceptSpan(1, 2), 1);
    assertThat(found.radius()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0.71,INSIDE", "0.72,BETWEEN", "1.09,BETWEEN", "1.1,BEYOND", "3,BEYOND"})
  void zonesAreBoundedByTheRadiiOfTheRecipe(double radius, Zone zone) {
    assertThat(new ConceptDistance(radius, 0).zone(0.72, 1.1)).isEqualTo(zone);
    assertThat(zone.label()).isLowerCase();
  }
}
