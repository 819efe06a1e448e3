package org.realera.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.safetensors.DType;
import org.realera.safetensors.HalfFloats;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorSource;

/**
 * What a single file's U-Net predicts, where the file carries no scheduler's configuration.
 *
 * @param source how that was found out
 */
public record PredictionGuess(Prediction prediction, Source source) {
  /** Who says it. */
  public enum Source {
    USER("as you say"),
    METADATA("as the file's metadata say"),
    CONFIG("by the .yaml beside the file"),
    ARCHITECTURE("as Stable Diffusion 1 does"),
    WEIGHTS("guessed from the weights: the file does not say");

    private final String words;

    Source(String words) {
      this.words = words;
    }
  }

  private static final String METADATA = "modelspec.prediction_type";
  private static final String ARCHITECTURE = "modelspec.architecture";

  /**
   * What ComfyUI's CheckpointSave writes. Of Stable Diffusion 1 it is no statement: there ComfyUI
   * takes every file that has no mark of its own for one that predicts noise.
   */
  private static final String COMFY_UI = "modelspec.predict_key";

  /** Near the network's end, where the two kinds of Stable Diffusion 2 differ visibly. */
  private static final String TELLTALE =
      LdmKeys.UNET + "output_blocks.11.1.transformer_blocks.0.norm1.bias";

  /**
   * The spread of its values above which ComfyUI takes a file for one that predicts v (comfy/
   * supported_models.py, SD20). diffusers does not look: without a configuration it takes every
   * file of Stable Diffusion 2 for the 768 pixel model, which predicts v.
   */
  private static final double SPREAD = 0.09;

  /**
   * Decides by what the user says, else what the metadata say, else the configuration beside the
   * file, else what the weights suggest.
   */
  static PredictionGuess of(SafetensorsFile file, boolean second, Optional<Prediction> asked) {
    if (asked.isPresent()) {
      return new PredictionGuess(asked.get(), Source.USER);
    }
    String type = file.metadata().getOrDefault(METADATA, "");
    String saved = second ? file.metadata().getOrDefault(COMFY_UI, "") : "";
    Optional<Prediction> told =
        Prediction.find(type).or(() -> byArchitecture(file)).or(() -> Prediction.find(saved));
    if (told.isPresent()) {
      return new PredictionGuess(told.get(), Source.METADATA);
    }
    Optional<Prediction> beside = OriginalConfig.prediction(file.path());
    if (beside.isPresent()) {
      return new PredictionGuess(beside.get(), Source.CONFIG);
    }
    if (!second) {
      return new PredictionGuess(Prediction.EPSILON, Source.ARCHITECTURE);
    }
    return new PredictionGuess(
        looksLikeV(file) ? Prediction.V : Prediction.EPSILON, Source.WEIGHTS);
  }

  /** The prediction, and how that was found out. */
  public String words() {
    return prediction.key() + ", " + source.words;
  }

  /**
   * What to tell before hours of work rest on it; empty if somebody said it.
   *
   * @param file the single file, as the user knows it
   */
  public Optional<String> doubt(Path file) {
    Prediction other = prediction == Prediction.V ? Prediction.EPSILON : Prediction.V;
    return source == Source.WEIGHTS
        ? Optional.of(
            "%s does not say what it predicts; by its weights %s. If not: `realera model convert --prediction %s`"
                .formatted(file, prediction.key(), other.modelSpec()))
        : Optional.empty();
  }

  private static Optional<Prediction> byArchitecture(SafetensorsFile file) {
    return switch (file.metadata().getOrDefault(ARCHITECTURE, "")) {
      case "stable-diffusion-v2-768-v" -> Optional.of(Prediction.V);
      case "stable-diffusion-v2-512" -> Optional.of(Prediction.EPSILON);
      default -> Optional.empty();
    };
  }

  private static boolean looksLikeV(SafetensorsFile file) {
    if (!file.tensors().containsKey(TELLTALE)) {
      return true; // no whole model, which is found out later
    }
    TensorSource.Stored tensor = file.stored(TELLTALE);
    DType dtype = tensor.info().dtype();
    int count = (int) Math.min(tensor.info().elements(), 1 << 16);
    if (!dtype.isFloating() || count == 0) {
      return true;
    }
    ByteBuffer bytes = tensor.readElements(0, count);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double value = HalfFloats.element(dtype, bytes, i);
      sum += value;
      squares += value * value;
    }
    double mean = sum / count;
    return Math.sqrt(squares / count - mean * mean) > SPREAD;
  }
}
