package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.config.MaceSettings.Masks;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;

/** Where the miniature's own attention finds a concept. */
class ConceptMasksTest extends TinyModelTests {
  private float share(double threshold) {
    Masks settings = new Masks(Masks.ATTENTION, 500, threshold);
    NDArray z0 = new Noise(1).normal(scope, new Shape(1, 4, 8, 8));
    try (TextModel text = model.loadText()) {
      NamedPrompt prompt = NamedPrompt.of("a photo of the {}", "house", false, text, scope);
      List<NDArray> masks =
          new ConceptMasks(model, settings, 0)
              .find(List.of(prompt), List.of(z0), new RecordingRun(root), scope);
      return masks.get(0).mean().getFloat();
    }
  }

  /** What reaches the threshold belongs to the concept: the highest point always does. */
  @Test
  void atTheHighestThresholdTheHighestPointIsLeft() {
    float least = share(1);
    assertThat(least).isPositive().isLessThan(share(0.5));
    assertThat(share(0)).isOne();
  }
}
