package org.realera.campaign;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeWriter;
import org.realera.erase.EraseCost;
import org.realera.eval.EvalResult;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.MethodCost;
import org.realera.files.Digests;
import org.realera.files.Json;

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
  /**
   * RealEra by its recipe, or in all its variants; another method as in a comparison.
   *
   * @throws RealeraException (usage) if another method than RealEra is to have variants
   */
  public static List<Way> ways(EraseRecipe recipe, boolean variants) {
    if (recipe.method() != MethodName.REALERA && !variants) {
      return List.of(Way.of(recipe));
    }
    List<Variant> some = variants ? List.of(Variant.values()) : List.of(Variant.FULL);
    return some.stream().map(variant -> Way.of(variant, recipe)).toList();
  }

  /**
   * Erases, measures and writes the page. A shard of a comparison makes every N-th model and draws
   * all its images, and all of the original's. Any other shard erases every concept for itself, for
   * the same seed gives the same model, and draws its part of the images, the original's among
   * them.
   *
   * @return null for a shard, which has no figures by itself
   * @throws RealeraException (usage) if the suite has no concepts, or not these, or if no model is
   *     left for the shard; or what a method throws, with its name and the concept's. What is
   *     complete by then is kept
   */
  public EvalReport.@Nullable Findings run() {
    List<ConceptPair> pairs = Campaign.pairs(campaign.suite(), concepts, "measure");
    if (campaign.isSharded() && ways.stream().allMatch(Way::compared)) {
      new EraseEach(campaign.whole(), concepts, ways, samples)
          .measure(CampaignModel.own(pairs, ways, campaign.shard()));
      return null;
    }
    List<Path> runs = measure(CampaignModel.all(pairs, ways));
    return campaign.isSharded() ? null : EvalReport.write(runs, campaign.out());
  }

  private List<Path> measure(List<CampaignModel> models) {
    ModelRef original =
        campaign.isSharded()
            ? campaign.model()
            : Campaign.source(campaign.original(null, null, samples));
    return models.stream().map(model -> measure(model, original)).toList();
  }

  private Path measure(CampaignModel model, ModelRef original) {
    if (!model.way().compared()) {
      return measured(model, original);
    }
    try {
      Path run = measured(model, original);
      cost(model.way(), model.name()).write(run);
      return run;
    } catch (RealeraException e) {
      throw model.named(e);
    }
  }

  private Path measured(CampaignModel model, ModelRef original) {
    String name = model.name();
    ConceptPair pair = model.pair();
    Way way = model.way();
    EvalResult result;
    if (way.means() instanceof Way.Erase erase) {
      result = campaign.measure(name, way.label(), pair, erase.recipe(), samples, original);
    } else {
      Way.Guide guide = (Way.Guide) way.means();
      result = campaign.guide(name, way.label(), pair, guide.strength(), samples, original);
    }
    return result.out();
  }

  private MethodCost cost(Way way, String name) {
    if (way.means() instanceof Way.Erase erase) {
      EraseCost cost = EraseCost.of(campaign.edited(name));
      return MethodCost.of(
          way.key(),
          way.label(),
          digest(erase.recipe()),
          cost.seconds(),
          cost.unetPasses(),
          cost.peakMemoryBytes(),
          cost.tensors());
    }
    // Guidance changes nothing and takes its time with every image.
    return MethodCost.of(way.key(), way.label(), null, 0.0, 0L, null, 0L);
  }

  /** Tells settings apart, so that models by two recipes are not taken for one method's. */
  private static String digest(EraseRecipe recipe) {
    return Digests.sha256(Json.tree(RecipeWriter.toTree(recipe)).toString()).substring(0, 12);
  }
}
