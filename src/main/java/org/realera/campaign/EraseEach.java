package org.realera.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.erase.EraseCost;
import org.realera.eval.EvalResult;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.MethodCost;
import org.realera.eval.suite.Suite;
import org.realera.files.FileNames;

/**
 * Each of a suite's concepts erased by itself and measured: the paper's Table 1, with variants its
 * Table 3, and with several methods a comparison of them.
 *
 * @param concepts names of the suite, or {@code all} alone for every one
 * @param ways to erase each of them
 * @param samples images of each prompt, or null for the suite's
 */
public record EraseEach(
    Campaign campaign, List<String> concepts, List<Way> ways, @Nullable Integer samples) {
  private static final String ALL = "all";

  /** RealEra by its recipe, or in all its variants. */
  public static List<Way> ways(EraseRecipe recipe, boolean variants) {
    List<Variant> some = variants ? List.of(Variant.values()) : List.of(Variant.FULL);
    return some.stream().map(variant -> Way.of(variant, recipe)).toList();
  }

  /**
   * Erases, measures and writes the page. A shard erases every concept for itself, for the same
   * seed gives the same model; it draws its part of the pictures, the original's among them.
   *
   * @return null for a shard, which has no figures by itself
   * @throws RealeraException (usage) if the suite has no concepts, or not these; or what a method
   *     throws, with its name and the concept's. What is complete by then is kept
   */
  public EvalReport.@Nullable Findings run() {
    List<ConceptPair> pairs = pairs();
    ModelRef original =
        campaign.isSharded()
            ? campaign.model()
            : Campaign.source(campaign.original(null, null, samples));
    List<Path> runs = new ArrayList<>();
    for (ConceptPair pair : pairs) {
      for (Way way : ways) {
        runs.add(measure(pair, way, original));
      }
    }
    return campaign.isSharded() ? null : EvalReport.write(runs, campaign.out());
  }

  private Path measure(ConceptPair pair, Way way, ModelRef original) {
    String name = FileNames.slug(pair.concept()) + "-" + way.key();
    if (!way.compared()) {
      return measure(name, pair, way, original);
    }
    try {
      Path run = measure(name, pair, way, original);
      cost(way, name).write(run);
      return run;
    } catch (RealeraException e) {
      throw new RealeraException(
          e.kind(), way.label() + " on " + pair.concept() + ": " + e.getMessage(), e.remedy(), e);
    }
  }

  private Path measure(String name, ConceptPair pair, Way way, ModelRef original) {
    EvalResult result;
    if (way.means() instanceof Way.Erase erase) {
      result = campaign.measure(name, way.label(), pair, erase.recipe(), samples, original);
    } else {
      Way.Guide guide = (Way.Guide) way.means();
      result = campaign.guide(name, way.label(), pair, guide.strength(), samples, original);
    }
    return result.out();
  }

  /** Guidance changes nothing and takes its time with every picture. */
  private MethodCost cost(Way way, String name) {
    EraseCost cost =
        way.means() instanceof Way.Guide
            ? new EraseCost(0.0, 0L, null, 0L)
            : EraseCost.of(campaign.edited(name));
    return MethodCost.of(
        way.key(),
        way.label(),
        cost.seconds(),
        cost.unetPasses(),
        cost.peakMemoryBytes(),
        cost.tensors());
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
