package org.realera.golden;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.UNet;
import org.realera.diffusion.Vae;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;

/** The networks of a diffusers folder, loaded as a test needs them. */
public final class TestModel implements AutoCloseable {
  private final Checkpoint model;
  private final Compute compute;
  private final List<String> notes = new ArrayList<>();
  private final Weights textWeights;
  private final Weights unetWeights;
  private final Weights vaeWeights;
  private final ClipTextEncoder encoder;
  private final UNet unet;
  private final Vae vae;

  public TestModel(Path folder, Compute compute) {
    this.model = Checkpoint.open(folder);
    this.compute = compute;
    textWeights = model.openTextEncoder();
    unetWeights = model.openUnet();
    vaeWeights = model.openVae();
    encoder = ClipTextEncoder.load(textWeights, model.textConfig(), compute);
    unet = UNet.load(unetWeights, model.unetConfig(), compute);
    vae = Vae.load(vaeWeights, model.vaeConfig(), compute, notes::add);
  }

  /** What the user would have been told. */
  public List<String> notes() {
    return notes;
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

  /** A sampler over this model's networks. */
  public ImageSampler sampler(ClipTokenizer tokenizer) {
    DdimScheduler scheduler = DdimScheduler.of(model.schedulerConfig());
    return new ImageSampler(tokenizer, encoder, unet, vae, scheduler, compute);
  }

  public ClipTokenizer tokenizer() {
    return ClipTokenizer.load(model.tokenizer(), model.textConfig());
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
