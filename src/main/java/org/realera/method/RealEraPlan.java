package org.realera.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.realera.config.AlignmentSettings;
import org.realera.config.ClosedFormSettings;
import org.realera.config.ClosedFormSettings.Sums;
import org.realera.config.EraseRecipe;

/** What RealEra would do, in words. */
final class RealEraPlan {
  private RealEraPlan() {}

  /** One line for each stage. */
  static List<String> of(EraseRecipe recipe) {
    List<String> lines = new ArrayList<>();
    int blocks = recipe.concepts().size() * recipe.templates().size();
    lines.add("encode " + count(blocks, "prompt") + " of the concept and as many of the anchor");
    lines.add(samples(recipe, blocks));
    lines.add(closedForm(recipe.closedForm(), recipe.preserve().size()));
    lines.add(alignment(recipe.alignment()));
    return lines;
  }

  private static String samples(EraseRecipe recipe, int blocks) {
    List<String> parts = new ArrayList<>();
    boolean expected = recipe.closedForm().sums() == Sums.EXPECTED;
    if (recipe.mining().enabled()) {
      parts.add(
          (expected ? "average over " : "mine ")
              + count(blocks * recipe.mining().samples(), "neighbor"));
      if (recipe.mining().words() > 0) {
        parts.add("up to " + count(recipe.mining().words(), "word") + " of the vocabulary");
      }
    }
    if (recipe.beyond().enabled()) {
      parts.add(
          (expected ? "average over " : "draw ")
              + count(blocks * recipe.beyond().samples(), "beyond-concept point"));
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
