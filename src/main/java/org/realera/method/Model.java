package org.realera.method;

import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.UNet;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.text.TextModel;

/** A checkpoint opened for a method; networks are loaded when first asked for. Close it. */
public final class Model implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final Compute compute;
  private final Weights unetWeights;
  private @Nullable UNet unet;

  /**
   * @param compute device and precision of the U-Net
   */
  public Model(Checkpoint checkpoint, Compute compute) {
    this.checkpoint = checkpoint;
    this.compute = compute;
    this.unetWeights = checkpoint.openUnet();
  }

  public Checkpoint checkpoint() {
    return checkpoint;
  }

  public Compute compute() {
    return compute;
  }

  /** The original U-Net's weights. */
  public Weights unetWeights() {
    return unetWeights;
  }

  /** d, width of the text encoder's embeddings, 768 for SD v1.4. */
  public long textWidth() {
    return checkpoint.textConfig().hiddenSize();
  }

  /** The U-Net, with and without edits; loaded once, owned by this. */
  public UNet unet() {
    if (unet == null) {
      unet = UNet.load(unetWeights, checkpoint.unetConfig(), compute);
    }
    return unet;
  }

  /** How many samples have gone through the U-Net so far. */
  public long unetPasses() {
    return unet == null ? 0 : unet.passes();
  }

  /** Loads tokenizer and text encoder; the caller closes them. */
  public TextModel loadText() {
    return TextModel.load(checkpoint, compute);
  }

  @Override
  public void close() {
    if (unet != null) {
      unet.close();
    }
    unetWeights.close();
  }
}
