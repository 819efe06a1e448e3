package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.eval.EvalRequest.Source;
import org.realera.eval.metrics.Summary;
import org.realera.eval.report.EvalReport;
import org.realera.eval.suite.Suite;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code realera eval SUITE --erase}: erases each concept by itself and measures it. */
final class EraseAll {
  private static final String ALL = "all";

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
          "--recipe, --set and --variants are for erasing", "add --erase all, or leave them out");
    }
    if (asked() && single) {
      throw RealeraException.usage(
          "--erase does not go with --concept, --anchor or --baseline",
          "--erase measures each concept and the original by itself; leave those out");
    }
    if (!settings.isEmpty()) {
      Recipes.fitting(recipe, settings);
    }
  }

  /** The recipe asked for, or the one that the model's card names. */
  EraseRecipe recipe(Path model) {
    return Recipes.of(recipe, settings, model);
  }

  /**
   * Erases, measures and writes the page. A shard erases every concept for itself, for the same
   * seed gives the same model; it draws its part of the pictures, the original's among them.
   *
   * @param samples images of each prompt, or null for the suite's
   * @return null for a shard, which has no figures by itself
   */
  @Nullable Summary run(
      Campaign campaign, Suite suite, EraseRecipe base, @Nullable Integer samples) {
    List<ConceptPair> pairs = pairs(suite);
    Source original =
        campaign.isSharded()
            ? campaign.model()
            : Campaign.source(campaign.original(null, null, samples));
    List<Path> runs = new ArrayList<>();
    for (ConceptPair pair : pairs) {
      for (Variant variant : variants ? List.of(Variant.values()) : List.of(Variant.FULL)) {
        String name =
            ShellWords.slug(pair.concept()) + "-" + variant.name().toLowerCase(Locale.ROOT);
        runs.add(
            campaign
                .measure(name, variant.label(), pair, variant.of(base), samples, original)
                .out());
      }
    }
    return campaign.isSharded() ? null : EvalReport.write(runs, campaign.out());
  }

  private List<ConceptPair> pairs(Suite suite) {
    if (suite.concepts().isEmpty()) {
      throw RealeraException.usage(
          "suite " + suite.name() + " names no concepts to erase",
          "erase with realera erase, then measure that model with this suite");
    }
    List<String> names =
        concepts.equals(List.of(ALL))
            ? suite.concepts().stream().map(Suite.Concept::name).toList()
            : concepts;
    return names.stream().map(name -> Campaign.pair(suite, name, null)).toList();
  }
}
