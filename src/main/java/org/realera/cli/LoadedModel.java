package org.realera.cli;

import org.realera.checkpoint.DiffusersModel;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.SamplingRequest;
import org.realera.diffusion.Scheduler;
import org.realera.diffusion.UNet;
import org.realera.diffusion.Vae;
import org.realera.tensor.Compute;
import org.realera.tensor.Resources;
import org.realera.tensor.Weights;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;

/** A whole model in memory, ready to draw. Owns its networks and the files they are mapped from. */
final class LoadedModel implements AutoCloseable {
  private static final long LARGE = 256 * 256;
  private static final int SMALL_AT_ONCE = 16;
  private static final int GPU_AT_ONCE = 8;

  private final Resources resources = new Resources();
  private final Compute compute;
  private final ImageSampler sampler;

  /** Loads what drawing takes. Does not check tensors that it does not read. */
  LoadedModel(DiffusersModel model, Compute compute) {
    this.compute = compute;
    try {
      ClipTokenizer tokenizer =
          resources.own(ClipTokenizer.load(model.tokenizerFolder()), ClipTokenizer::close);
      Weights text = resources.own(model.openTextEncoder(), Weights::close);
      Weights unet = resources.own(model.openUnet(), Weights::close);
      Weights vae = resources.own(model.openVae(), Weights::close);
      sampler =
          new ImageSampler(
              tokenizer,
              resources.own(
                  ClipTextEncoder.load(text, model.textConfig(), compute), ClipTextEncoder::close),
              resources.own(UNet.load(unet, model.unetConfig(), compute), UNet::close),
              resources.own(Vae.load(vae, model.vaeConfig(), compute), Vae::close),
              Scheduler.of(model.schedulerConfig()),
              compute);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  ImageSampler sampler() {
    return sampler;
  }

  /** How many pictures to draw before the first is written: few where each takes minutes. */
  int picturesAtOnce(SamplingRequest request) {
    boolean large = (long) request.width() * request.height() >= LARGE;
    return large ? (compute.device().isGpu() ? GPU_AT_ONCE : 1) : SMALL_AT_ONCE;
  }

  @Override
  public void close() {
    resources.close();
  }
}
