package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.campaign.Campaign;
import org.realera.campaign.EraseEach;
import org.realera.campaign.Way;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SldSettings;
import org.realera.eval.EvalRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code realera eval SUITE --erase}: erases each concept by itself and measures it. */
final class EraseEachOptions {
  @Option(
      names = "--erase",
      paramLabel = "TEXT",
      converter = NameText.class,
      split = ",",
      description = {
        "Erase each of these concepts of the suite by itself and measure it; all for every one, the"
            + " paper's whole Table 1. Models and runs are kept in DIR."
      },
      order = 20)
  private List<String> concepts = new ArrayList<>();

  @Option(
      names = "--methods",
      paramLabel = "NAME",
      split = ",",
      completionCandidates = CompletionWords.ComparedMethods.class,
      description = {
        "With --erase: compare methods, each by its own recipe of the kind that --config names;"
            + " ${COMPLETION-CANDIDATES}. all is every one; sa only of the pocket model, elsewhere"
            + " it takes days and has to be named.",
        "--set KEY=VALUE is for every method then, --set METHOD:KEY=VALUE for one."
      },
      order = 21)
  private List<String> methods = new ArrayList<>();

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
    if (!asked() && !methods.isEmpty()) {
      throw RealeraException.usage(
          "--methods is for erasing", "Add --erase all, or name some concepts there.");
    }
    if (!asked() && (recipe != null || variants || !settings.isEmpty())) {
      throw RealeraException.usage(
          "--recipe, --set and --variants are for erasing", "Add --erase all, or leave them out.");
    }
    if (asked() && single) {
      throw RealeraException.usage(
          "--erase does not go with --concept, --anchor or --baseline",
          "--erase measures each concept and the original by itself; leave those out.");
    }
    Settings.requireNone("concepts", "--erase names the concepts", settings.all());
    if (!methods.isEmpty()) {
      if (variants) {
        throw RealeraException.usage(
            "--methods does not go with --variants, which are RealEra's", "Leave one of them out.");
      }
      compared().check();
    } else if (!settings.isEmpty()) {
      Recipes.fitting(recipe, null, settings);
    }
  }

  private MethodChoice compared() {
    return new MethodChoice(List.copyOf(methods), recipe, settings.all());
  }

  /** A usage error if the images of erased models are to be guided by SLD too. */
  void checkUnguided(boolean guided) {
    if (asked() && guided) {
      throw RealeraException.usage(
          "--erase does not go with --safe or --sld",
          "Compare it with --methods sld-medium, or measure it with --concept TEXT --safe TEXT.");
    }
  }

  /** A usage error if the images of erased models are to be drawn with adapters too. */
  void checkPlain(boolean adapted) {
    if (asked() && adapted) {
      throw RealeraException.usage(
          "--erase does not go with --spm",
          "Compare it with --methods spm, or measure it with --concept TEXT --spm FILE.");
    }
  }

  /** A usage error if many runs are to have one name. */
  void checkUnnamed(boolean named) {
    if (asked() && named) {
      throw RealeraException.usage(
          "--erase does not go with --label",
          "Its tables name each run by its method and concept; leave --label out.");
    }
  }

  /** What is asked of a campaign on the evaluation's model. */
  EraseEach of(Campaign campaign, EvalRequest request) {
    Path model = request.model().path();
    List<Way> ways =
        methods.isEmpty()
            ? EraseEach.ways(Recipes.of(recipe, null, settings, model).requireEffective(), variants)
            : compared().ways(model);
    Double scale = request.drawn().guidance();
    for (Way way : ways) {
      if (scale != null && way.means() instanceof Way.Guide guide) {
        // Known before other methods take their hours.
        new SafeGuidance(SafeGuidance.PUBLISHED_TEXT, SldSettings.of(guide.strength()))
            .requireGuidance(scale);
      }
    }
    return new EraseEach(campaign, List.copyOf(concepts), ways, request.drawn().samples());
  }
}
