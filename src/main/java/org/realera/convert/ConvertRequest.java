package org.realera.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.config.Limits;
import org.realera.files.OutputPlace;
import org.realera.files.OutputTransaction;
import org.realera.files.StateFolders;
import org.realera.safetensors.DType;

/**
 * A conversion to be done.
 *
 * @param base what the difference is taken from; asked for by {@link Target#needsBase}, only by it
 * @param out a {@code .safetensors} file; for {@link Target#DIFFUSERS} a folder, for {@link
 *     Target#LORA} either
 * @param dtype of all floating tensors; if absent each keeps its own (LoRA: float32)
 * @param prediction what the U-Net of a single file predicts that does not say it
 * @param rank the most that LoRA may have
 * @param force replace an output that exists
 */
public record ConvertRequest(
    ModelRef model,
    Target to,
    Path out,
    Optional<ModelRef> base,
    Optional<DType> dtype,
    Optional<Prediction> prediction,
    int rank,
    boolean force) {

  static final String SUFFIX = ".safetensors";

  /**
   * Checks what can be told without reading a file.
   *
   * @throws RealeraException (usage)
   */
  public ConvertRequest {
    if (rank < 1 || rank > Limits.RANK) {
      throw RealeraException.usage(
          "--rank is " + rank, "Take a whole number from 1 to " + Limits.RANK + ".");
    }
    if (to.needsBase() && base.isEmpty()) {
      throw RealeraException.usage(
          "--to %s needs the model that %s was made from".formatted(to.key(), model.name()),
          "Name it with --base.");
    }
    if (!to.needsBase() && base.isPresent()) {
      throw RealeraException.usage(
          "--base has no use with --to " + to.key(),
          "Leave it out, or convert to a delta or LoRA.");
    }
    if (to.needsBase() && prediction.isPresent()) {
      throw RealeraException.usage(
          "--prediction has no use with --to " + to.key(),
          "Leave it out, or convert to a whole model.");
    }
    boolean file = out.toString().endsWith(SUFFIX);
    if (to == Target.DIFFUSERS && file) {
      throw RealeraException.usage(
          "--to diffusers writes a folder, but --out is " + out,
          "Give a name without .safetensors.");
    }
    if (to != Target.DIFFUSERS && to != Target.LORA && !file) {
      throw RealeraException.usage(
          "--to %s writes a file, but --out is %s".formatted(to.key(), out),
          "Give a name that ends in .safetensors.");
    }
  }

  /**
   * The output as a transaction is asked for it.
   *
   * @param written {@link #out} or {@link #file}
   * @param sources the models that are read
   * @param bytes what it will take, at least
   */
  OutputTransaction.Request output(Path written, List<Path> sources, long bytes) {
    Path state = StateFolders.passing(OutputPlace.of(written));
    return new OutputTransaction.Request(
        written, state, sources, bytes, force, false, folder -> false);
  }

  /** The file that a conversion to anything but a folder writes. */
  Path file() {
    return out.toString().endsWith(SUFFIX) ? out : out.resolve("pytorch_lora_weights" + SUFFIX);
  }
}
