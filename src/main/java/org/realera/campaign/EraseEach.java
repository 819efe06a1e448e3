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
import org.realera.eval.run.Shard;
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
  /** RealEra by its recipe, or in all its variants. */
  public static List<Way> ways(EraseRecipe recipe, boolean variants) {
    List<Variant> some = variants ? List.of(Variant.values()) : List.of(Variant.FULL);
    return some.stream().map(variant -> Way.of(variant, recipe)).toList();
  }

  /** A concept and a way to erase it: one model and its run. */
  private record Cell(ConceptPair pair, Way way) {}

  /**
   * Erases, measures and writes the page. A shard of a comparison makes every N-th model and draws
   * all its pictures, and all of the original's. Any other shard erases every concept for itself,
   * for the same seed gives the same model, and draws its part of the pictures, the original's
   * among them.
   *
   * @return null for a shard, which has no figures by itself
   * @throws RealeraException (usage) if the suite has no concepts, or not these, or if no model is
   *     left for the shard; or what a method throws, with its name and the concept's. What is
   *     complete by then is kept
   */
  public EvalReport.@Nullable Findings run() {
    List<ConceptPair> pairs = Campaign.pairs(campaign.suite(), concepts, "measure");
    if (campaign.isSharded() && ways.stream().allMatch(Way::compared)) {
      new EraseEach(campaign.whole(), concepts, ways, samples).measure(own(pairs));
      return null;
    }
    List<Path> runs =
        measure(pairs.stream().flatMap(p -> ways.stream().map(w -> new Cell(p, w))).toList());
    return campaign.isSharded() ? null : EvalReport.write(runs, campaign.out());
  }

  /** The shard's own models, method by method: each of them takes about as long in every shard. */
  private List<Cell> own(List<ConceptPair> pairs) {
    Shard shard = campaign.shard();
    List<Cell> all = ways.stream().flatMap(w -> pairs.stream().map(p -> new Cell(p, w))).toList();
    List<Cell> own = new ArrayList<>();
    for (int k = shard.index() - 1; k < all.size(); k += shard.count()) {
      own.add(all.get(k));
    }
    if (own.isEmpty()) {
      throw RealeraException.usage(
          "nothing is left for shard " + shard + ": there are " + all.size() + " models to make",
          "Take " + all.size() + " shards or fewer.");
    }
    return own;
  }

  private List<Path> measure(List<Cell> cells) {
    ModelRef original =
        campaign.isSharded()
            ? campaign.model()
            : Campaign.source(campaign.original(null, null, samples));
    return cells.stream().map(cell -> measure(cell.pair(), cell.way(), original)).toList();
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
}
