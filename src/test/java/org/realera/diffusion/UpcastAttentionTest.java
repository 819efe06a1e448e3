package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.golden.Golden;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

/** Some models' scores overflow, or lose what matters, in half precision. */
class UpcastAttentionTest {
  private static final Path MODEL = Golden.path("tiny-sd2");
  private static final int SAMPLES = 8;

  @TempDir Path folder;

  /**
   * Maps of attention are fp32 in any case. What is predicted beside them is the same where
   * attention is upcast, but for the last digit of an fp32 that rounds the other way, and so moves
   * a sample as a whole.
   */
  @Test
  void inHalfPrecisionAttentionIsStillFp32WhereTheModelAsksForIt() throws IOException {
    Path config = MODEL.resolve("unet/config.json");
    UNetConfig upcast = UNetConfig.read(config);
    String without =
        Files.readString(config).replaceFirst("(\"upcast_attention\": )true", "$1false");
    UNetConfig plain = UNetConfig.read(Files.writeString(folder.resolve("config.json"), without));
    assertThat(upcast.upcastAttention()).isTrue();
    assertThat(plain.upcastAttention()).isFalse();
    Compute half = Engine.compute("cpu", "bf16");
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Weights weights = Checkpoint.open(MODEL).openUnet();
        UNet asked = UNet.load(weights, upcast, half);
        UNet other = UNet.load(weights, plain, half)) {
      UNet.Input input =
          new UNet.Input(
              new Noise(1).normal(scope, new Shape(SAMPLES, 4, 8, 8)),
              scope.ones(new Shape(SAMPLES)).mul(300),
              new Noise(2).normal(scope, new Shape(SAMPLES, 77, 32)));
      NDArray exact =
          asked
              .crossAttention(scope, input.latents(), input.timesteps(), input.text(), Edits.NONE)
              .eps();
      double error = distance(predict(scope, other, input), exact);
      assertThat(error).isPositive();
      assertThat(distance(predict(scope, asked, input), exact)).isLessThan(0.8 * error);
    }
  }

  private static NDArray predict(NDManager scope, UNet unet, UNet.Input input) {
    return unet.predict(scope, input.latents(), input.timesteps(), input.text(), Edits.NONE);
  }

  private static double distance(NDArray a, NDArray b) {
    return a.sub(b).norm().getFloat();
  }
}
