package org.realera.diffusion;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Resources;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;

/** A model in memory, ready to draw. Owns its networks and the files they are mapped from. */
public final class Pipeline implements AutoCloseable {
  private final Resources resources;
  private final ImageSampler sampler;
  private final @Nullable FacilitatedTransport transport;

  private Pipeline(
      Resources resources, ImageSampler sampler, @Nullable FacilitatedTransport transport) {
    this.resources = resources;
    this.sampler = sampler;
    this.transport = transport;
  }

  /**
   * Loads text encoder, U-Net and VAE.
   *
   * @param notes hears what the user should know of the drawing, each once
   * @throws RealeraException as {@link Checkpoint#verify} and {@link Checkpoint#verifyFinite}
   */
  public static Pipeline load(Checkpoint model, Compute compute, Consumer<String> notes) {
    return load(model, compute, null, notes);
  }

  /**
   * The same to draw with adapters.
   *
   * @param spm read for this model, or null for none
   */
  public static Pipeline load(
      Checkpoint model, Compute compute, @Nullable SpmFile spm, Consumer<String> notes) {
    model.verify();
    // One NaN makes every image black, and black images pass for erased ones.
    model.verifyFinite();
    return Resources.load(
        resources -> {
          Weights weights = resources.own(model.openUnet(), Weights::close);
          UNet unet = resources.own(UNet.load(weights, model.unetConfig(), compute), UNet::close);
          return assemble(resources, model, unet, spm, compute, notes);
        });
  }

  /**
   * Loads text encoder and VAE.
   *
   * @param unet borrowed
   * @param notes hears what the user should know of the drawing, each once
   */
  public static Pipeline load(
      Checkpoint model, UNet unet, Compute compute, Consumer<String> notes) {
    return load(model, unet, compute, null, notes);
  }

  /**
   * The same to draw with adapters.
   *
   * @param spm read for this model, or null for none
   */
  public static Pipeline load(
      Checkpoint model, UNet unet, Compute compute, @Nullable SpmFile spm, Consumer<String> notes) {
    return Resources.load(resources -> assemble(resources, model, unet, spm, compute, notes));
  }

  private static Pipeline assemble(
      Resources resources,
      Checkpoint model,
      UNet unet,
      @Nullable SpmFile spm,
      Compute compute,
      Consumer<String> notes) {
    ClipTokenizer tokenizer =
        resources.own(
            ClipTokenizer.load(model.tokenizer(), model.textConfig()), ClipTokenizer::close);
    Weights text = resources.own(model.openTextEncoder(), Weights::close);
    ClipTextEncoder encoder =
        resources.own(
            ClipTextEncoder.load(text, model.textConfig(), compute), ClipTextEncoder::close);
    Weights images = resources.own(model.openVae(), Weights::close);
    Vae vae = resources.own(Vae.load(images, model.vaeConfig(), compute, notes), Vae::close);
    DdimScheduler scheduler = DdimScheduler.of(model.schedulerConfig());
    return new Pipeline(
        resources,
        new ImageSampler(tokenizer, encoder, unet, vae, scheduler, compute),
        spm == null
            ? null
            : new FacilitatedTransport(spm.membranes(), tokenizer, encoder, compute.device()));
  }

  /** Width and height of the images that a model was trained on, in pixels. */
  public static int nativeSize(Checkpoint model) {
    return model.unetConfig().sampleSize() * model.vaeConfig().scale();
  }

  public ImageSampler sampler() {
    return sampler;
  }

  /** How prompts take the adapters that this was loaded with; null without any. */
  @Nullable FacilitatedTransport transport() {
    return transport;
  }

  /** Draws as {@link ImageSampler#sample}, by the adapters that this was loaded with, if any. */
  public List<Image> draw(List<ImageRequest> requests, LongConsumer progress) {
    return transport == null
        ? sampler.sample(requests, Edits.NONE, progress)
        : transport.sample(sampler, requests, progress);
  }

  @Override
  public void close() {
    resources.close();
  }
}
