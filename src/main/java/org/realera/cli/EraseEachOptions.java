package org.realera.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.campaign.Campaign;
import org.realera.campaign.EraseEach;
import org.realera.campaign.Variant;
import org.realera.eval.EvalRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code realera eval SUITE --erase}: erases each concept by itself and measures it. */
final class EraseEachOptions {
  @Option(
      names = "--erase",
      paramLabel = "TEXT",
      split = ",",
      description = {
        "Erase each of these concepts of the suite by itself and measure it; all for every one, the"
            + " paper's whole Table 1. Models and runs are kept in DIR."
      },
      order = 20)
  private List<String> concepts = new ArrayList<>();

  @Option(
      names = {"--recipe", "--config"},
      paramLabel = "FILE|NAME",
      description = "The recipe for --erase. Default: the model's.",
      order = 21)
  private @Nullable String recipe;

  @Option(
      names = "--variants",
      description = "With --erase: also with parts of the method off, as in the paper's Table 3.",
      order = 22)
  private boolean variants;

  @Mixin private Settings settings = new Settings();

  boolean asked() {
    return !concepts.isEmpty();
  }

  /** A usage error if options are given that only count with {@code --erase}, or against it. */
  void check(boolean single) {
    if (!asked() && (recipe != null || variants || !settings.isEmpty())) {
      throw RealeraException.usage(
          "--recipe, --set and --variants are for erasing", "Add --erase all, or leave them out.");
    }
    if (asked() && single) {
      throw RealeraException.usage(
          "--erase does not go with --concept, --anchor or --baseline",
          "--erase measures each concept and the original by itself; leave those out.");
    }
    if (!settings.isEmpty()) {
      Recipes.fitting(recipe, null, settings);
    }
  }

  /** A usage error if the pictures of erased models are to be guided by SLD too. */
  void checkUnguided(boolean guided) {
    if (asked() && guided) {
      throw RealeraException.usage(
          "--erase does not go with --safe or --sld",
          "Measure SLD by itself: realera eval SUITE --concept TEXT --safe TEXT.");
    }
  }

  /** What is asked of a campaign on the evaluation's model. */
  EraseEach of(Campaign campaign, EvalRequest request) {
    return new EraseEach(
        campaign,
        List.copyOf(concepts),
        variants ? List.of(Variant.values()) : List.of(Variant.FULL),
        Recipes.of(recipe, null, settings, request.model().path()),
        request.samples());
  }
}
