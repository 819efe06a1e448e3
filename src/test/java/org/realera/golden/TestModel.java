package org.realera.golden;

import java.nio.file.Path;
import org.realera.checkpoint.ClipTextConfig;
import org.realera.checkpoint.SchedulerConfig;
import org.realera.checkpoint.UNetConfig;
import org.realera.checkpoint.VaeConfig;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.Scheduler;
import org.realera.diffusion.UNet;
import org.realera.diffusion.Vae;
import org.realera.tensor.Compute;
import org.realera.tensor.ShardedWeights;
import org.realera.tensor.Weights;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;

/** The networks of a diffusers folder, loaded as a test needs them. */
public final class TestModel implements AutoCloseable {
  private final Path folder;
  private final Compute compute;
  private final Weights textWeights;
  private final Weights unetWeights;
  private final Weights vaeWeights;
  private final ClipTextEncoder encoder;
  private final UNet unet;
  private final Vae vae;

  public TestModel(Path folder, Compute compute) {
    this.folder = folder;
    this.compute = compute;
    textWeights = ShardedWeights.open(folder.resolve("text_encoder"), "model");
    unetWeights = ShardedWeights.open(folder.resolve("unet"), "diffusion_pytorch_model");
    vaeWeights = ShardedWeights.open(folder.resolve("vae"), "diffusion_pytorch_model");
    encoder =
        ClipTextEncoder.load(
            textWeights, ClipTextConfig.read(folder.resolve("text_encoder/config.json")), compute);
    unet = UNet.load(unetWeights, UNetConfig.read(folder.resolve("unet/config.json")), compute);
    vae = Vae.load(vaeWeights, VaeConfig.read(folder.resolve("vae/config.json")), compute);
  }

  public ClipTextEncoder encoder() {
    return encoder;
  }

  public UNet unet() {
    return unet;
  }

  public Vae vae() {
    return vae;
  }

  public Scheduler scheduler() {
    return Scheduler.of(SchedulerConfig.read(folder.resolve("scheduler/scheduler_config.json")));
  }

  public ImageSampler sampler(ClipTokenizer tokenizer) {
    return new ImageSampler(tokenizer, encoder, unet, vae, scheduler(), compute);
  }

  public ClipTokenizer tokenizer() {
    return ClipTokenizer.load(folder.resolve("tokenizer"));
  }

  @Override
  public void close() {
    encoder.close();
    unet.close();
    vae.close();
    textWeights.close();
    unetWeights.close();
    vaeWeights.close();
  }
}
