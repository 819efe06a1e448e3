package org.realera.cli;

import java.util.ArrayList;
import java.util.List;
import org.realera.config.EraseRecipe;
import org.realera.config.ReportSettings;
import org.realera.method.Methods;

/** What an erasure would do, in words, for {@code --dry-run}. */
final class DryRun {
  private DryRun() {}

  /** One line for each concept, then one for each step. */
  static List<String> of(EraseRecipe recipe) {
    List<String> steps = new ArrayList<>(Methods.of(recipe.method()).plan(recipe));
    steps.add("write the model, realera.json and report.html" + images(recipe));
    List<String> lines = new ArrayList<>();
    recipe.concepts().forEach(pair -> lines.add("erase   " + pair));
    for (int i = 0; i < steps.size(); i++) {
      lines.add((i + 1) + ". " + steps.get(i));
    }
    return lines;
  }

  private static String images(EraseRecipe recipe) {
    int all = recipe.concepts().size();
    int most = ReportSettings.MOST_CONCEPTS;
    return all <= most || recipe.report().pictures() == ReportSettings.Pictures.NEVER
        ? ""
        : " (its pictures are of the first " + most + " of " + all + " concepts)";
  }
}
