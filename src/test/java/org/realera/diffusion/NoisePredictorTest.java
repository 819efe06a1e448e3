package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.NoisePredictor.Point;
import org.realera.golden.Golden;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

class NoisePredictorTest {
  private static final Compute CPU = Engine.compute("cpu", "fp32");

  private final NDManager scope = NDManager.newBaseManager(Device.cpu());
  private final AtomicInteger asked = new AtomicInteger();
  private Weights weights;
  private UNet unet;
  private NoisePredictor predictor;

  @BeforeEach
  void open() {
    Checkpoint tiny = Checkpoint.open(Golden.path("tiny-sd"));
    weights = tiny.openUnet();
    unet = UNet.load(weights, tiny.unetConfig(), CPU);
    predictor =
        new NoisePredictor(
            () -> {
              asked.incrementAndGet();
              return unet;
            },
            CPU);
  }

  @AfterEach
  void close() {
    unet.close();
    weights.close();
    scope.close();
  }

  private List<Point> points(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Point(
                    new Noise(i).normal(scope, new Shape(4, 8, 8)),
                    100L * i,
                    new Noise(100 + i).normal(scope, new Shape(77, 32))))
        .toList();
  }

  @Test
  void eachPointGetsItsOwnAnswerInOrder() {
    List<Point> points = points(3);
    List<NDArray> together = predictor.predict(points, Edits.NONE, scope);
    assertThat(together).hasSize(3);
    for (int i = 0; i < 3; i++) {
      NDArray alone = predictor.predict(List.of(points.get(i)), Edits.NONE, scope).get(0);
      assertThat(alone.getShape()).isEqualTo(new Shape(4, 8, 8));
      assertThat(Golden.relativeError(together.get(i), alone)).isLessThan(1e-5);
    }
  }

  @Test
  void theNetworkIsAskedForOnlyWhenThereIsSomethingToPredict() {
    assertThat(predictor.predict(List.of(), Edits.NONE, scope)).isEmpty();
    assertThat(asked).hasValue(0);
    assertThat(predictor.predict(points(1), Edits.NONE, scope)).hasSize(1);
    assertThat(asked).hasValue(1);
  }

  /** After running out of memory once, predictions and losses both go on with half as many. */
  @Test
  void whatFitsIsKeptForAllThatIsAskedLater() {
    List<Integer> sizes = new ArrayList<>();
    predictor.inParts(
        points(4),
        Function.identity(),
        (some, device) -> {
          sizes.add(some.size());
          if (some.size() > 2) {
            throw new EngineException("RuntimeError: CUDA out of memory.");
          }
        });
    assertThat(sizes).containsExactly(4, 2, 2);
    predictor.predict(points(4), Edits.NONE, scope);
    assertThat(asked).hasValue(2);
  }
}
