package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.config.Limits;
import org.realera.diffusion.SafeGuidance;
import org.realera.eval.suite.ListedPrompt;
import org.realera.eval.suite.PromptFile;
import org.realera.files.ModelText;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code realera generate} draws: ends in a {@link GenerateRequest}. */
final class GenerateOptions {
  private static final String EMPTY = "--prompt is empty: its pictures are of no prompt";

  @Mixin private ModelOption model = new ModelOption();
  @Mixin private ComputeOptions compute = new ComputeOptions();

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "What to draw; repeats.",
      order = 2)
  private List<String> prompts = new ArrayList<>();

  @Option(
      names = "--prompt-file",
      paramLabel = "FILE",
      description =
          "Prompts from a file, in place of --prompt: one a line, or a CSV with a column prompt and"
              + " perhaps seed and guidance, such as found.csv of realera eval attack, or I2P. A"
              + " prompt's own seed wins over --seed, --guidance over its own guidance.",
      order = 2)
  private @Nullable Path promptFile;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE|DIR",
      required = true,
      description = {
        "FILE.png: one picture; several are laid out on one sheet, a row for each prompt.",
        "DIR: one file for each picture."
      },
      order = 3)
  private Path out = Path.of("");

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "Pictures of each prompt. Default: 1.",
      order = 4)
  private int count = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the first picture. Default: 0.",
      order = 5)
  private long seed;

  @Option(
      names = "--negative-prompt",
      paramLabel = "TEXT",
      description = "What to steer away from.",
      order = 6)
  private String negativePrompt = "";

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Sampling steps. Default: the model's, 50 for sd-v1-4.",
      order = 7)
  private @Nullable Integer steps;

  @Option(
      names = "--guidance",
      paramLabel = "G",
      description = "Guidance scale; 1 is none. Default: the model's, 7.5 for sd-v1-4.",
      order = 8)
  private @Nullable Double guidance;

  @Mixin private SafeOptions safe = new SafeOptions();
  @Mixin private SpmOptions spm = new SpmOptions();

  @Option(
      names = "--size",
      paramLabel = "WxH",
      converter = ImageSize.Converter.class,
      description = "Size in pixels. Default: the model's, 512x512 for sd-v1-4.",
      order = 9)
  private @Nullable ImageSize size;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(names = "--force", description = "Replace files that exist.", order = 31)
  private boolean force;

  /** How many rows of the file are no words, and so can't be drawn from it. */
  long embeddings() {
    return promptFile == null ? 0 : PromptFile.embeddings(promptFile);
  }

  /**
   * The note if images of nothing in particular are asked for, perhaps by a variable that is empty.
   */
  Optional<String> emptyPrompts(GenerateRequest request) {
    long empty = request.prompts().stream().filter(one -> ModelText.isBlank(one.text())).count();
    return empty == 0
        ? Optional.empty()
        : Optional.of(promptFile == null ? EMPTY : AttackPrompts.empty(promptFile, empty));
  }

  private List<GenerateRequest.Prompt> prompts() {
    if (promptFile == null) {
      return prompts.stream().map(text -> new GenerateRequest.Prompt(text, seed, null)).toList();
    }
    if (!prompts.isEmpty()) {
      throw RealeraException.usage(
          "--prompt does not go with --prompt-file", "Leave one of them out.");
    }
    List<GenerateRequest.Prompt> listed = new ArrayList<>();
    for (ListedPrompt one : PromptFile.read(promptFile)) {
      listed.add(new GenerateRequest.Prompt(one.prompt(), one.seedOr(seed), guidance(one)));
    }
    return listed;
  }

  private @Nullable Double guidance(ListedPrompt one) {
    Double own = one.guidance();
    if (own != null && !NumberCheck.isGuidance(own)) {
      throw RealeraException.usage(
          promptFile + " has the guidance " + own, "Take numbers from 0 to 100; 7.5 is usual.");
    }
    SafeGuidance sld = safe.guidance(guidance);
    if (own != null && guidance == null && sld != null) {
      sld.requireGuidance(own);
    }
    return own;
  }

  /**
   * Looks no model up.
   *
   * @throws RealeraException (usage, not found, damaged) naming the option or the file
   */
  GenerateRequest request(Map<String, String> env) {
    if (promptFile == null && prompts.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--prompt TEXT is missing, or --prompt-file FILE");
    }
    NumberCheck.upTo("--count", count, Limits.IMAGES);
    NumberCheck.upTo("--steps", steps, Limits.STEPS);
    NumberCheck.guidance(guidance);
    if (seed < 0 || seed > Long.MAX_VALUE - count) {
      throw RealeraException.usage(
          "--seed is " + seed,
          "Take a whole number from 0 to "
              + (Long.MAX_VALUE - count)
              + " with --count "
              + count
              + ".");
    }
    return new GenerateRequest(
        model.reference(env),
        prompts(),
        negativePrompt,
        count,
        steps,
        guidance,
        safe.guidance(guidance),
        spm.file(),
        size,
        out,
        force,
        compute.choice(env));
  }
}
