package org.realera.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.realera.config.AlignmentSettings;
import org.realera.config.ClosedFormSettings;
import org.realera.config.EraseRecipe;
import org.realera.config.ReportSettings;

/** What an erasure would do, in words, for {@code --dry-run}. */
final class DryRun {
  private DryRun() {}

  /** One line for each stage. */
  static List<String> of(EraseRecipe recipe) {
    List<String> lines = new ArrayList<>();
    recipe.concepts().forEach(pair -> lines.add("erase   " + pair));
    int blocks = recipe.concepts().size() * recipe.templates().size();
    lines.add("1. encode " + count(blocks, "prompt") + " of the concept and as many of the anchor");
    lines.add("2. " + samples(recipe, blocks));
    lines.add("3. " + closedForm(recipe.closedForm(), recipe.preserve().size()));
    lines.add("4. " + alignment(recipe.alignment()));
    lines.add("5. write the model, realera.json and report.html" + pictures(recipe));
    return lines;
  }

  private static String pictures(EraseRecipe recipe) {
    int all = recipe.concepts().size();
    int most = ReportSettings.MOST_CONCEPTS;
    return all <= most || recipe.report().pictures() == ReportSettings.Pictures.NEVER
        ? ""
        : " (its pictures are of the first " + most + " of " + all + " concepts)";
  }

  private static String samples(EraseRecipe recipe, int blocks) {
    List<String> parts = new ArrayList<>();
    if (recipe.mining().enabled()) {
      parts.add("mine " + count(blocks * recipe.mining().samples(), "neighbor"));
    }
    if (recipe.beyond().enabled()) {
      parts.add("draw " + count(blocks * recipe.beyond().samples(), "beyond-concept point"));
    }
    return parts.isEmpty() ? "no mining, no beyond-concept points" : String.join(", ", parts);
  }

  private static String closedForm(ClosedFormSettings settings, int preserved) {
    List<String> kept = new ArrayList<>();
    if (settings.prefixWeight() > 0) {
      kept.add("prefix rows");
    }
    if (settings.priorWeight() > 0) {
      kept.add("a prior of " + count(settings.priorPrompts(), "prompt"));
    }
    if (preserved > 0) {
      kept.add(count(preserved, "preserved concept"));
    }
    return "solve the closed form"
        + (kept.isEmpty() ? " as published" : ", holding " + String.join(", ", kept));
  }

  private static String alignment(AlignmentSettings settings) {
    return settings.enabled()
        ? String.format(
            Locale.ROOT,
            "align predicted noise: %s of LoRA rank %d, learning rate %s",
            count(settings.steps(), "step"),
            settings.rank(),
            settings.learningRate())
        : "no noise alignment";
  }

  private static String count(int n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }
}
