package org.realera.erase;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.UNet;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;

/** What it takes to draw, beside the U-Net: opened when something is to be drawn, then closed. */
final class Painter implements AutoCloseable {
  private final Pipeline pipeline;
  private final int size;

  /**
   * Loads text encoder and VAE.
   *
   * @param unet borrowed
   * @param notes hears what the user should know of the drawing
   */
  Painter(Checkpoint model, UNet unet, Compute compute, Consumer<String> notes) {
    this.pipeline = Pipeline.load(model, unet, compute, notes);
    this.size = Pipeline.nativeSize(model);
  }

  /** An image of the size the model was trained at. */
  ImageRequest request(String prompt, long seed, int steps, double guidance) {
    return new ImageRequest(prompt, "", seed, steps, guidance, size, size);
  }

  /**
   * Draws images.
   *
   * @param edits on the compute device
   * @param progress hears of steps done, each counted once for every image
   */
  List<Image> draw(List<ImageRequest> requests, Edits edits, LongConsumer progress) {
    return pipeline.sampler().sample(requests, edits, progress);
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
