package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelCard;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.convert.Target;
import org.realera.erase.EraseRequest;
import org.realera.files.FileNames;
import org.realera.method.Method;
import org.realera.method.Methods;
import org.realera.tensor.ComputeChoice;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What {@code realera erase} does: ends in an {@link EraseRequest}. */
final class EraseOptions {
  @Mixin private ModelOption model = new ModelOption();
  @Mixin private RecipeOptions recipeOptions = new RecipeOptions();
  @Mixin private ComputeOptions compute = new ComputeOptions();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "The folder to write. Default: out/no-CONCEPT.",
      order = 4)
  private @Nullable Path out;

  @Option(
      names = "--to",
      paramLabel = "FORM",
      completionCandidates = CompletionWords.Forms.class,
      description =
          "What DIR holds: diffusers (a whole model), single-file, or the changes alone: delta,"
              + " lora or kohya. Default: diffusers.",
      order = 5)
  private @Nullable String to;

  @Option(names = "--resume", description = "Go on where an interrupted run stopped.", order = 30)
  private boolean resume;

  @Option(
      names = "--force",
      description =
          "Replace DIR if it is a model already, without runs or pictures drawn here in it; drop an"
              + " interrupted run.",
      order = 31)
  private boolean force;

  @Option(
      names = "--dry-run",
      description = "Show recipe, plan and output, and do nothing.",
      order = 32)
  private boolean dryRun;

  @Option(
      names = "--gradient-checkpointing",
      description = "Train in less memory: activations are not kept but computed twice.",
      order = 82)
  private boolean gradientCheckpointing;

  @Option(
      names = "--no-check",
      description = "Do not look at the report's pictures with a scorer in the end.",
      order = 33)
  private boolean noCheck;

  /** So that who looks for SLD here is told where it is. */
  @Option(
      names = {"--safe", "--sld"},
      paramLabel = "TEXT",
      arity = "0..1",
      hidden = true)
  private List<String> guided = new ArrayList<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  boolean dryRun() {
    return dryRun;
  }

  /** Whether to end in a verdict. */
  boolean checks() {
    return !noCheck;
  }

  /**
   * Finds the model; for a dry run, one that is on this machine.
   *
   * @throws org.realera.RealeraException (usage, not found) naming the option
   */
  EraseRequest request(Console console, Services core) {
    if (!guided.isEmpty()) {
      throw RealeraException.usage(
          "SLD has no weights to write: it guides the drawing",
          "Give --safe and --sld to realera generate or realera eval instead.");
    }
    Target form = to == null ? Target.DIFFUSERS : Target.of(to);
    ComputeChoice choice =
        compute.choice(console.env()).gradientCheckpointing(gradientCheckpointing);
    recipeOptions.check();
    String reference = model.reference(console.env());
    Path folder =
        dryRun ? core.find(reference, console.env()) : core.locate(reference, console.env());
    EraseRecipe recipe = recipeOptions.recipe(standard(folder));
    if (gradientCheckpointing) {
      requireCheckpoints(recipe);
    }
    Path target = out == null ? defaultOut(recipe.concepts()) : requireFolder(out);
    return new EraseRequest(
        new ModelRef(reference, folder), recipe, target, form, choice, resume, force, null);
  }

  private static void requireCheckpoints(EraseRecipe recipe) {
    Method method = Methods.of(recipe.method());
    boolean trains = !method.isClosedForm(recipe);
    if (trains && method.checkpoints()) {
      return;
    }
    throw RealeraException.usage(
        "--gradient-checkpointing is of no use to "
            + recipe.method().label()
            + (trains ? ", which learns from attention maps" : ", which trains nothing here"),
        "Leave it out.");
  }

  /** The recipe that the model's card names. */
  private static String standard(Path folder) {
    return ModelCard.of(folder, Recipes.NAMES).recipe();
  }

  /** Where the recipe comes from, for people. */
  String source(EraseRequest request) {
    String name = recipeOptions.source(standard(request.model().path()));
    return Recipes.isBuiltIn(name) ? RecipeReader.describe(name, request.recipe().method()) : name;
  }

  /** The command line that continues this run. */
  String again() {
    List<String> words = new ArrayList<>(spec.commandLine().getParseResult().originalArgs());
    words.removeIf(word -> word.equals("--force") || word.equals("--resume"));
    words.add("--resume");
    return "realera " + words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
  }

  /** Weights that changed stand in a folder, too, with manifest and report beside them. */
  private static Path requireFolder(Path out) {
    String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".safetensors") || name.endsWith(".ckpt")) {
      throw RealeraException.usage(
          "--out " + out + " names a file, but erase writes a folder",
          "Leave the ending out: weights, manifest and report stand in that folder.");
    }
    return out;
  }

  /** {@code out/no-airplane} for airplane; at most three concepts are named, others counted. */
  static Path defaultOut(List<ConceptPair> concepts) {
    String names =
        concepts.stream()
            .limit(3)
            .map(p -> FileNames.slug(p.concept()))
            .collect(Collectors.joining("-"));
    int more = concepts.size() - 3;
    return Path.of("out", "no-" + names + (more > 0 ? "-and-" + more + "-more" : ""));
  }
}
