package org.realera.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeWriter;
import org.realera.config.Template;
import org.realera.convert.Target;
import org.realera.diffusion.Sight;
import org.realera.diffusion.Verdict;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.files.Json;

/** What {@code realera erase} says: the plan, each stage as it ends, and the result. */
final class ErasePrinter {

  private final Console console;
  private final boolean json;

  /**
   * @param json one JSON object on stdout instead of text; the stages then go to stderr
   */
  ErasePrinter(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  /** The effective recipe; as text it is a recipe file, with the plan in its comments. */
  void plan(EraseRequest request, String recipeSource, Map<String, String> found) {
    if (json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("model", request.model().name());
      tree.put("folder", request.model().path().toString());
      tree.putAll(found);
      tree.put("out", request.out().toString());
      tree.put("to", request.to().key());
      tree.put("out_exists", Files.exists(request.out()));
      tree.put("recipe", RecipeWriter.toTree(request.recipe()));
      console.printJson(JsonForm.ERASE_PLAN, tree);
      return;
    }
    PrintStream out = console.out();
    out.println(
        "# Dry run: nothing is loaded or written. This text is a recipe: --config reads it.");
    out.println("#");
    out.println("# model   " + request.model().name() + " (" + request.model().path() + ")");
    out.println("# recipe  " + recipeSource);
    found.forEach((what, words) -> out.printf("# %-7s %s%n", what, words));
    out.println(
        "# output  "
            + request.written()
            + (Files.exists(request.out()) ? " (exists" + whatThen(request) + ")" : ""));
    out.println("#");
    for (String line : DryRun.of(request.recipe())) {
      out.println("# " + line);
    }
    out.println();
    out.print(RecipeWriter.toYaml(request.recipe()));
  }

  private static String whatThen(EraseRequest request) {
    return request.force()
        ? "; --force replaces it"
        : request.resume() ? "; --resume checks it" : "; needs --force or --resume";
  }

  /** Shows progress, and prints a line for each stage that is over. */
  ConsoleProgress progress(Interruption interruption) {
    PrintStream stages = json ? console.err() : console.out();
    return new ConsoleProgress(Display.on(console), interruption, stages);
  }

  /**
   * What the images show, where everything is, and what to try next.
   *
   * @param verdict null without one
   */
  void result(EraseRequest request, EraseResult result, @Nullable Verdict verdict) {
    if (json) {
      Map<String, Object> tree = resultTree(request, result);
      if (verdict != null) {
        tree.put("check", Json.tree(verdict.rounded()));
      }
      console.printJson(JsonForm.ERASE, tree);
      return;
    }
    PrintStream out = console.out();
    if (result.alreadyThere()) {
      out.println(result.out() + " is complete already and of the same settings: nothing to do.");
    } else {
      out.printf(
          Locale.ROOT,
          "%nErased %s in %.1f s.%n",
          ConceptPair.inWords(request.recipe().concepts()),
          result.seconds());
    }
    if (verdict != null) {
      out.println("The report's pictures, before and after, by " + verdict.judge() + ":");
      verdict.sights().forEach(sight -> out.println(line(sight)));
    }
    out.println("  model     " + request.written());
    out.println("  report    " + result.report());
    out.println("  manifest  " + result.manifest());
    if (request.to() != Target.DIFFUSERS && request.to() != Target.SINGLE_FILE) {
      return; // nothing here draws with changes alone
    }
    out.println("Look at it:");
    out.println(
        Console.asTyped("  realera generate --model ")
            + ShellWords.quote(request.written().toString())
            + " --prompt "
            + ShellWords.quote(firstPrompt(request.recipe()))
            + " -n 4 --out "
            + ShellWords.quote(result.out() + ".png"));
  }

  private static String line(Sight sight) {
    String what =
        sight.word().equals(sight.shows())
            ? sight.word()
            : sight.word() + ", shows " + sight.shows();
    return String.format(
        Locale.ROOT,
        "  %-9s %3.0f %% -> %3.0f %%  %s",
        sight.role().label(),
        sight.before(),
        sight.after(),
        what);
  }

  private static Map<String, Object> resultTree(EraseRequest request, EraseResult result) {
    Map<String, Object> stages = new LinkedHashMap<>();
    result.summaries().forEach((stage, summary) -> stages.put(stage.key(), summary));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("model", request.model().name());
    tree.put("concepts", RecipeWriter.toTree(request.recipe()).get("concepts"));
    tree.put("out", result.out().toString());
    tree.put("written", request.written().toString());
    tree.put("report", result.report().toString());
    tree.put("manifest", result.manifest().toString());
    tree.put("already_there", result.alreadyThere());
    tree.put("stages", stages);
    tree.put("seconds", result.seconds());
    return tree;
  }

  private static String firstPrompt(EraseRecipe recipe) {
    return Template.fill(recipe.templates().get(0), recipe.concepts().get(0).concept());
  }
}
