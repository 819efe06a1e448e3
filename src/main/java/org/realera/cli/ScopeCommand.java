package org.realera.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.EraseRecipe;
import org.realera.erase.Scope;
import org.realera.erase.Scope.Range;
import org.realera.erase.Scope.Source;
import org.realera.erase.ScopePage;
import org.realera.tensor.Engine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code realera scope}: what lies in a concept's erasing range, before anything is erased. */
@Command(
    name = "scope",
    sortOptions = false,
    description = {
      "Says what lies within the erasing range of a concept, on its edge and outside, before"
          + " anything is erased.",
      "",
      "Words of the model's vocabulary, of the suites and of your own list stand in the concept's"
          + " place in the recipe's first template; the distance between the embeddings, as mining"
          + " measures it, is compared with the recipe's D1 and D2. Words that the recipe's mining.words"
          + " would erase by name are marked \"named\", wherever they lie."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera scope --model pocket --concept airplane --anchor sky",
      "  realera scope -m pocket -c cat -c dog --prompt \"a photo of the feline\" \\",
      "    --out scope.html"
    })
final class ScopeCommand extends BaseCommand {
  @Mixin private ModelOption model = new ModelOption();
  @Mixin private ScopeOptions options = new ScopeOptions();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write a page with a picture of it, too.",
      order = 7)
  private @Nullable Path out;

  @Mixin private Settings settings = new Settings();
  @Mixin private DeviceOption device = new DeviceOption();

  @Option(names = "--json", description = "Print all texts as JSON.", order = 90)
  private boolean json;

  ScopeCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    Map<Source, List<String>> texts = options.texts();
    Path folder = core.locate(model.reference(console.env()), console.env());
    EraseRecipe recipe = options.recipe(settings, folder);
    List<Range> ranges;
    try (ConsoleProgress progress = progress()) {
      progress.begin("Encode", 100);
      ranges =
          Scope.measure(
              Checkpoint.open(folder),
              recipe,
              options.concepts(),
              texts,
              Engine.compute(device.fp32(console.env())),
              done -> {
                progress.check("nothing was written");
                progress.step(done);
              });
    }
    if (out != null) {
      ScopePage.write(out, ranges);
    }
    new ScopePrinter(console).print(ranges, json, out);
    return ExitCode.DONE;
  }
}
