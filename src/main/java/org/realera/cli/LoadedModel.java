package org.realera.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import org.realera.checkpoint.DiffusersModel;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.SamplingRequest;
import org.realera.diffusion.Scheduler;
import org.realera.diffusion.UNet;
import org.realera.diffusion.Vae;
import org.realera.tensor.Compute;
import org.realera.tensor.Weights;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;

/** A whole model in memory, ready to draw. Owns its networks and the files they are mapped from. */
final class LoadedModel implements AutoCloseable {
  private static final long LARGE = 256 * 256;
  private static final int SMALL_AT_ONCE = 16;
  private static final int GPU_AT_ONCE = 8;

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final Compute compute;
  private final ImageSampler sampler;

  /** Loads what drawing takes. Does not check tensors that it does not read. */
  LoadedModel(DiffusersModel model, Compute compute) {
    this.compute = compute;
    try {
      ClipTokenizer tokenizer = own(ClipTokenizer.load(model.tokenizerFolder()));
      Weights text = own(model.openTextEncoder());
      Weights unet = own(model.openUnet());
      Weights vae = own(model.openVae());
      sampler =
          new ImageSampler(
              tokenizer,
              own(ClipTextEncoder.load(text, model.textConfig(), compute)),
              own(UNet.load(unet, model.unetConfig(), compute)),
              own(Vae.load(vae, model.vaeConfig(), compute)),
              Scheduler.of(model.schedulerConfig()),
              compute);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  ImageSampler sampler() {
    return sampler;
  }

  /** How many pictures to draw before the first is written: few where each takes minutes. */
  int picturesAtOnce(SamplingRequest request) {
    boolean large = (long) request.width() * request.height() >= LARGE;
    return large ? (compute.device().isGpu() ? GPU_AT_ONCE : 1) : SMALL_AT_ONCE;
  }

  /** Networks before the files they are mapped from. */
  @Override
  public void close() {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("closing a network can't fail", e);
      }
    }
  }
}
