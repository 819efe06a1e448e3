package org.realera.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.eval.metrics.Summary;
import org.realera.eval.report.EvalReport;
import org.realera.eval.suite.Suite;
import org.realera.files.FileNames;

/**
 * Each of a suite's concepts erased by itself and measured: the paper's Table 1, and with variants
 * its Table 3.
 *
 * @param concepts names of the suite, or {@code all} alone for every one
 * @param variants in which the method erases each of them
 * @param samples images of each prompt, or null for the suite's
 */
public record EraseEach(
    Campaign campaign,
    List<String> concepts,
    List<Variant> variants,
    EraseRecipe recipe,
    @Nullable Integer samples) {
  private static final String ALL = "all";

  /**
   * Erases, measures and writes the page. A shard erases every concept for itself, for the same
   * seed gives the same model; it draws its part of the pictures, the original's among them.
   *
   * @return null for a shard, which has no figures by itself
   * @throws RealeraException (usage) if the suite has no concepts, or not these
   */
  public @Nullable Summary run() {
    List<ConceptPair> pairs = pairs();
    ModelRef original =
        campaign.isSharded()
            ? campaign.model()
            : Campaign.source(campaign.original(null, null, samples));
    List<Path> runs = new ArrayList<>();
    for (ConceptPair pair : pairs) {
      for (Variant variant : variants) {
        String name = FileNames.slug(pair.concept()) + "-" + variant.key();
        runs.add(
            campaign
                .measure(name, variant.label(), pair, variant.of(recipe), samples, original)
                .out());
      }
    }
    return campaign.isSharded() ? null : EvalReport.write(runs, campaign.out());
  }

  private List<ConceptPair> pairs() {
    Suite suite = campaign.suite();
    if (suite.concepts().isEmpty()) {
      throw RealeraException.usage(
          "suite " + suite.name() + " names no concepts to erase",
          "Erase with realera erase, then measure that model with this suite.");
    }
    List<String> names =
        concepts.equals(List.of(ALL))
            ? suite.concepts().stream().map(Suite.Concept::name).toList()
            : concepts;
    return names.stream().map(name -> Campaign.pair(suite, name, null)).toList();
  }
}
