package org.realera.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.cli.json.EraseJson;
import org.realera.cli.json.ErasePlanJson;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeWriter;
import org.realera.config.Template;
import org.realera.convert.Target;
import org.realera.diffusion.Sight;
import org.realera.diffusion.Verdict;
import org.realera.erase.ErasePreview;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;

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
  void plan(EraseRequest request, String recipeSource, ErasePreview found) {
    if (json) {
      console.printJson(JsonForm.ERASE_PLAN, ErasePlanJson.of(request, found));
      return;
    }
    PrintStream out = console.out();
    out.println(
        "# Dry run: nothing is loaded or written. This text is a recipe: --config reads it.");
    out.println("#");
    out.println("# model   " + request.model().name() + " (" + request.model().path() + ")");
    out.println("# recipe  " + recipeSource);
    out.println("# network " + found.network());
    out.println("# device  " + found.device());
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
      console.printJson(JsonForm.ERASE, EraseJson.of(request, result, verdict));
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

  private static String firstPrompt(EraseRecipe recipe) {
    return Template.fill(recipe.templates().get(0), recipe.concepts().get(0).concept());
  }
}
