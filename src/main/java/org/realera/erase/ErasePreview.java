package org.realera.erase;

import java.util.Locale;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.CrossAttention;
import org.realera.diffusion.Pipeline;
import org.realera.safetensors.Weights;
import org.realera.tensor.Engine;

/**
 * What an erasure would work on, for {@code --dry-run}, in words.
 *
 * @param network the model's size and what of it can change
 * @param device with the type that it computes in
 */
public record ErasePreview(String network, String device) {

  /**
   * Looks at model and device: reads headers, loads no weights.
   *
   * @throws RealeraException if the folder is no model, the device is not there, LoRA is asked for
   *     and can't say what the method changes, or a single file and it can't carry the model's
   *     files
   */
  public static ErasePreview of(EraseRequest request) {
    Checkpoint model = Checkpoint.open(request.model().path());
    Erasure.requireLora(request, model);
    ModelOutput.requireCarried(request, model);
    int side = Pipeline.nativeSize(model);
    int width = model.textConfig().hiddenSize();
    try (Weights unet = model.openUnet()) {
      String network =
          String.format(
              Locale.ROOT,
              "%d x %d pixels, text of width %d, %d cross-attention projections",
              side,
              side,
              width,
              CrossAttention.projections(unet).size());
      return new ErasePreview(network, Engine.compute(request.compute()).toString());
    }
  }
}
