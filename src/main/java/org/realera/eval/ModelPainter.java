package org.realera.eval;

import java.util.List;
import org.realera.checkpoint.DiffusersModel;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.Picture;
import org.realera.diffusion.SamplingRequest;
import org.realera.diffusion.Scheduler;
import org.realera.diffusion.UNet;
import org.realera.diffusion.Vae;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Resources;
import org.realera.tensor.Weights;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;

/** Draws with a diffusers model; owns its weights and networks. */
final class ModelPainter implements Painter {
  private final Resources resources = new Resources();
  private final ImageSampler sampler;

  ModelPainter(DiffusersModel model, Compute compute) {
    try {
      Weights textWeights = resources.own(model.openTextEncoder(), Weights::close);
      Weights unetWeights = resources.own(model.openUnet(), Weights::close);
      Weights vaeWeights = resources.own(model.openVae(), Weights::close);
      ClipTokenizer tokenizer =
          resources.own(ClipTokenizer.load(model.tokenizerFolder()), ClipTokenizer::close);
      ClipTextEncoder encoder =
          resources.own(
              ClipTextEncoder.load(textWeights, model.textConfig(), compute),
              ClipTextEncoder::close);
      UNet unet = resources.own(UNet.load(unetWeights, model.unetConfig(), compute), UNet::close);
      Vae vae = resources.own(Vae.load(vaeWeights, model.vaeConfig(), compute), Vae::close);
      this.sampler =
          new ImageSampler(
              tokenizer, encoder, unet, vae, Scheduler.of(model.schedulerConfig()), compute);
    } catch (RuntimeException e) {
      resources.close();
      throw e;
    }
  }

  @Override
  public List<Picture> paint(List<SamplingRequest> batch) {
    return sampler.sample(batch, Edits.NONE, ImageSampler.Progress.NONE);
  }

  @Override
  public void close() {
    resources.close();
  }
}
