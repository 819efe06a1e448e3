package org.realera.cli;

import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.convert.ModelDiff;
import org.realera.convert.ModelInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code realera model info}: what a model is, and what makes it differ from another. */
@Command(
    name = "info",
    sortOptions = false,
    description = {
      "Shows what a model is: architecture, parts, parameters, types, size, and what realera did to"
          + " it.",
      "",
      "Reads headers only; with --diff all weights of both models."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera model info pocket",
      "  realera model info out/no-cat --diff pocket",
      "  realera model info downloads/model.safetensors --json"
    })
final class ModelInfoCommand extends BaseCommand {
  @Parameters(
      paramLabel = "MODEL",
      completionCandidates = CompletionWords.Models.class,
      description = "A diffusers folder, a .safetensors file, a hub name or pocket.")
  private String model = "";

  @Option(
      names = "--diff",
      paramLabel = "BASE",
      completionCandidates = CompletionWords.Models.class,
      description = "Show which tensors differ from this model's, and by how much.",
      order = 1)
  private @Nullable String base;

  @Option(names = "--json", description = "Print it as JSON.", order = 90)
  private boolean json;

  ModelInfoCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    ModelRef ref = new ModelRef(model, core.find(model, console.env()));
    ModelInfo info = ModelInfo.of(ref);
    ModelInfoPrinter printer = new ModelInfoPrinter(console, json);
    if (base == null) {
      printer.info(info);
      return ExitCode.DONE;
    }
    Checkpoint other = Checkpoint.open(core.find(base, console.env()));
    try (ConsoleProgress progress = progress()) {
      progress.begin("Compare", 1);
      ModelDiff diff = ModelDiff.of(Checkpoint.open(ref.path()), other);
      progress.end("");
      printer.info(info, base, diff);
    }
    return ExitCode.DONE;
  }
}
