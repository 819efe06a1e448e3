package org.realera.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.erase.EraseRequest;
import org.realera.erase.Interruption;
import org.realera.erase.Interruption.StoppedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code realera erase}: writes a model that has forgotten a concept. */
@Command(
    name = "erase",
    sortOptions = false,
    customSynopsis = "realera erase --concept TEXT --anchor TEXT [--model MODEL] [OPTIONS]",
    description = {
      "Writes a model that has forgotten a concept.",
      "",
      "DIR is a diffusers folder that holds two files more: realera.json (all that was done) and"
          + " report.html (pictures before and after). It appears when it is complete."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera erase --model pocket --concept airplane --anchor sky",
      "  realera erase -c \"Tom Cruise\" -a \"a person\" --config celebrity --resume",
      "  realera erase -c cat=dog -c ship=sea --preserve horse --dry-run"
    })
final class EraseCommand extends BaseCommand {
  @Mixin private ModelOption model = new ModelOption();
  @Mixin private RecipeOptions recipeOptions = new RecipeOptions();
  @Mixin private ComputeOptions compute = new ComputeOptions();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "The folder to write. Default: out/no-CONCEPT.",
      order = 4)
  private @Nullable Path out;

  @Option(names = "--resume", description = "Go on where an interrupted run stopped.", order = 30)
  private boolean resume;

  @Option(
      names = "--force",
      description = "Replace DIR if it is a model already; drop an interrupted run.",
      order = 31)
  private boolean force;

  @Option(
      names = "--dry-run",
      description = "Show recipe, plan and output, and do nothing.",
      order = 32)
  private boolean dryRun;

  @Option(names = "--json", description = "Print the result as JSON.", order = 90)
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  EraseCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    String device = compute.device(console.env());
    String dtype = compute.dtype();
    recipeOptions.check(); // slips of the pen before any look-up
    String reference = model.reference(console.env());
    Path folder =
        dryRun ? core.find(reference, console.env()) : core.locate(reference, console.env());
    String standard = ModelCard.of(folder).recipe();
    EraseRecipe recipe = recipeOptions.recipe(standard);
    Path target = out == null ? defaultOut(recipe.concepts()) : out;
    EraseRequest request =
        new EraseRequest(reference, folder, recipe, target, device, dtype, resume, force);
    ErasePrinter printer = new ErasePrinter(console, json);
    if (dryRun) {
      printer.plan(request, recipeOptions.source(standard), core.describe(request));
      return ExitCode.DONE;
    }
    try (Progress progress = Progress.on(console)) {
      printer.result(request, core.erase(request, printer.listener(progress), interruption));
      return ExitCode.DONE;
    } catch (StoppedException e) {
      console.note("stopped: " + e.getMessage());
      // A state that can be resumed stands beside the output.
      boolean saved = Files.exists(target.resolveSibling(target.getFileName() + ".state"));
      console
          .err()
          .println(saved ? "  Go on with: " + again() : "  Start again with the same command.");
      return ExitCode.INTERRUPTED;
    }
  }

  /** The command line that continues this run. */
  private String again() {
    List<String> words = new ArrayList<>(spec.commandLine().getParseResult().originalArgs());
    words.removeIf(word -> word.equals("--force") || word.equals("--resume"));
    words.add("--resume");
    return "realera " + words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
  }

  /** {@code out/no-airplane} for airplane; at most three concepts are named, others counted. */
  static Path defaultOut(List<ConceptPair> concepts) {
    String names =
        concepts.stream()
            .limit(3)
            .map(p -> ShellWords.slug(p.concept()))
            .collect(Collectors.joining("-"));
    int more = concepts.size() - 3;
    return Path.of("out", "no-" + names + (more > 0 ? "-and-" + more + "-more" : ""));
  }
}
