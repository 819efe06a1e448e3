package org.realera.erase;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.CrossAttention;
import org.realera.diffusion.Pipeline;
import org.realera.safetensors.Weights;
import org.realera.tensor.Engine;

/** What an erasure would work on, for {@code --dry-run}: reads headers, loads no weights. */
public final class ErasePreview {
  private ErasePreview() {}

  /**
   * Looks at model and device.
   *
   * @return {@code network} and {@code device} in words
   * @throws RealeraException if the folder is no model, the device is not there, LoRA is asked for
   *     and can't say what the method changes, or a single file and it can't carry the model's
   *     files
   */
  public static Map<String, String> describe(EraseRequest request) {
    Checkpoint model = Checkpoint.open(request.model().path());
    Erasure.requireLora(request, model);
    ModelOutput.requireCarried(request, model);
    int side = Pipeline.nativeSize(model);
    int width = model.textConfig().hiddenSize();
    Map<String, String> words = new LinkedHashMap<>();
    try (Weights unet = model.openUnet()) {
      words.put(
          "network",
          String.format(
              Locale.ROOT,
              "%d x %d pixels, text of width %d, %d cross-attention projections",
              side,
              side,
              width,
              CrossAttention.projections(unet).size()));
    }
    words.put("device", Engine.compute(request.compute()).toString());
    return words;
  }
}
