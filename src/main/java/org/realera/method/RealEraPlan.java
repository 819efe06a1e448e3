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
    long blocks = (long) recipe.concepts().size() * recipe.templates().size();
    lines.add(
        "encode "
            + PlanWords.count(blocks, "prompt")
            + " of the concept and as many of the anchor");
    lines.add(samples(recipe, blocks));
    lines.add(closedForm(recipe.closedForm(), recipe.preserve().size()));
    lines.add(alignment(recipe.alignment()));
    if (recipe.alignment().enabled()) {
      lines.add(cost(recipe));
    }
    return lines;
  }

  private static String samples(EraseRecipe recipe, long blocks) {
    List<String> parts = new ArrayList<>();
    boolean expected = recipe.closedForm().sums() == Sums.EXPECTED;
    if (recipe.mining().enabled()) {
      parts.add(
          (expected ? "average over " : "mine ")
              + PlanWords.count(blocks * recipe.mining().samples(), "neighbor"));
      if (recipe.mining().words() > 0) {
        parts.add(
            "up to "
                + PlanWords.count((long) recipe.concepts().size() * recipe.mining().words(), "word")
                + " of the vocabulary");
      }
    }
    if (recipe.beyond().enabled()) {
      parts.add(
          (expected ? "average over " : "draw ")
              + PlanWords.count(blocks * recipe.beyond().samples(), "beyond-concept point"));
    }
    return parts.isEmpty() ? "no mining, no beyond-concept points" : String.join(", ", parts);
  }

  private static String closedForm(ClosedFormSettings settings, int preserved) {
    List<String> kept = new ArrayList<>();
    if (settings.prefixWeight() > 0) {
      kept.add("prefix rows");
    }
    if (settings.priorWeight() > 0) {
      kept.add("a prior of " + PlanWords.count(settings.priorPrompts(), "prompt"));
    }
    if (preserved > 0) {
      kept.add(PlanWords.count(preserved, "preserved concept"));
    }
    return "solve the closed form"
        + switch (settings.params()) {
          case V -> " for values alone";
          case K -> " for keys alone";
          case KV -> "";
        }
        + (settings.mu() > 0 ? " with a ridge of " + settings.mu() : "")
        + (kept.isEmpty() ? "" : ", holding " + String.join(", ", kept));
  }

  private static String alignment(AlignmentSettings settings) {
    return settings.enabled()
        ? String.format(
            Locale.ROOT,
            "align predicted noise: %s of LoRA rank %d, learning rate %s",
            PlanWords.count(settings.steps(), "step"),
            settings.rank(),
            settings.learningRate())
        : "no noise alignment";
  }

  /** Each term of eqs. 8-9 is one prediction of the original and one of the edited U-Net. */
  private static String cost(EraseRecipe recipe) {
    AlignmentSettings settings = recipe.alignment();
    long images = recipe.anchorCount() * settings.images();
    int even = (recipe.mining().enabled() ? 1 : 0) + (recipe.beyond().enabled() ? 1 : 0);
    long terms = (settings.steps() + 1) / 2 + settings.steps() / 2 * (long) Math.max(1, even);
    return PlanWords.cost(
        settings.passes(images) + terms * settings.batch(), terms * settings.batch());
  }
}
