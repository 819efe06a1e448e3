package org.realera.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.convert.ConvertRequest;
import org.realera.convert.Target;
import org.realera.safetensors.DType;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code realera model convert} writes: ends in a {@link ConvertRequest}. */
final class ConvertOptions {
  private static final int RANK = 64;

  @Parameters(
      paramLabel = "MODEL",
      completionCandidates = CompletionWords.Models.class,
      description = "A diffusers folder, a .safetensors file, a hub name or pocket.")
  private String model = "";

  @Option(
      names = "--to",
      paramLabel = "FORM",
      completionCandidates = CompletionWords.Forms.class,
      required = true,
      description = "single-file, diffusers, delta, lora or kohya.",
      order = 1)
  private String to = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "PATH",
      required = true,
      description = "The file or folder to write.",
      order = 2)
  private Path out = Path.of("");

  @Option(
      names = "--base",
      paramLabel = "MODEL",
      completionCandidates = CompletionWords.Models.class,
      description =
          "What a delta or LoRA is taken from. Default: the model that MODEL's realera.json names.",
      order = 3)
  private @Nullable String base;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      completionCandidates = CompletionWords.StoredTypes.class,
      description = "fp32, fp16 or bf16. Default: each tensor's own; of LoRA, fp32.",
      order = 4)
  private @Nullable String dtype;

  @Option(
      names = "--rank",
      paramLabel = "N",
      description = "The most that a LoRA's rank may be. Default: " + RANK + ".",
      order = 5)
  private @Nullable Integer rank;

  @Option(
      names = "--prediction",
      paramLabel = "KIND",
      completionCandidates = CompletionWords.Predictions.class,
      description =
          "epsilon or v: what the model of a .safetensors file predicts, if the file does not say"
              + " and `model info` shows that it was guessed wrong.",
      order = 6)
  private @Nullable String prediction;

  @Option(names = "--force", description = "Replace an output that exists.", order = 31)
  private boolean force;

  /**
   * Finds the model, and the base of a difference.
   *
   * @throws RealeraException (usage, not found) naming the option
   */
  ConvertRequest request(Services core, Map<String, String> env) {
    Target target = Target.of(to);
    Optional<DType> type = type();
    if (rank != null && !target.isLora()) {
      throw RealeraException.usage(
          "--rank has no use with --to " + target.key(), "Leave it out, or take lora or kohya.");
    }
    ModelRef source = new ModelRef(model, core.locate(model, env));
    return new ConvertRequest(
        source,
        target,
        out,
        base(source, target, core, env),
        type,
        Optional.ofNullable(prediction).map(Prediction::of),
        rank == null ? RANK : rank,
        force);
  }

  private Optional<ModelRef> base(
      ModelRef source, Target target, Services core, Map<String, String> env) {
    if (base != null) {
      return Optional.of(new ModelRef(base, core.locate(base, env)));
    }
    return target.needsBase()
        ? Manifest.find(Checkpoint.filesOf(source.path()))
            .map(manifest -> manifest.model().ref())
            .map(made -> new ModelRef(made, core.locate(made, env)))
        : Optional.empty();
  }

  private Optional<DType> type() {
    if (dtype == null) {
      return Optional.empty();
    }
    Map<String, DType> types = Map.of("fp32", DType.F32, "fp16", DType.F16, "bf16", DType.BF16);
    DType type = types.get(dtype.toLowerCase(Locale.ROOT));
    if (type == null) {
      throw RealeraException.usage(
          "unknown dtype '" + dtype + "'", "Use --dtype fp32, fp16 or bf16.");
    }
    return Optional.of(type);
  }
}
