package org.realera.concept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.concept.ConceptDistance.Zone;
import org.realera.config.MiningSettings;
import org.realera.tensor.Noise;
import org.realera.text.ConceptSpan;

class ConceptDistanceTest {
  private static final int WIDTH = Blocks.WIDTH;

  /** A mined point lies where its perturbation says. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.36, 0.72, 1.1})
  void aMinedPointMeasuresItsRadiusAndItsCosine(double d1) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Concept.Rows rows = Blocks.block(scope, "and", "the", 3);
      MiningSettings anywhere = new MiningSettings(true, 1, d1, 0.01, 1, -1, 0);
      NDArray point = new Neighbors(rows, anywhere).mine(1, new Noise(5), scope).sources().get(0);
      NDArray n = point.sub(rows.e());
      double meanRowNorm = rows.e().norm(new int[] {1}).mean().getFloat();
      double radius = norm(n) / Math.sqrt((double) rows.length()) / meanRowNorm;
      double cosine = point.mul(rows.e()).sum().getFloat() / norm(point) / norm(rows.e());
      ConceptSpan span = new ConceptSpan((int) rows.prefix().getShape().get(0), 1);
      float[] moved = rows.embed(point, scope).toFloatArray();
      ConceptDistance found =
          ConceptDistance.of(rows.encoded().toFloatArray(), span, moved, span, WIDTH);
      assertThat(radius).isLessThan(d1);
      assertThat(found.radius()).isEqualTo(radius, within(1e-5));
      assertThat(found.cosine()).isEqualTo(cosine, within(1e-5));
    }
  }

  private static double norm(NDArray x) {
    return x.norm().getFloat();
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
    assertThat(zone.label()).isEqualToIgnoringCase(zone.name()).isLowerCase();
  }
}
