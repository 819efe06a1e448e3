package org.realera.campaign;

import java.util.ArrayList;
import java.util.List;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;
import org.realera.eval.run.Shard;
import org.realera.files.FileNames;

/** A concept and a way to erase it: one model of a campaign, and its run. */
record CampaignModel(ConceptPair pair, Way way) {

  /**
   * Every model, concept by concept.
   *
   * @throws RealeraException (usage) if a recipe holds one of the concepts: known before the hours
   *     of those that come earlier
   */
  static List<CampaignModel> all(List<ConceptPair> pairs, List<Way> ways) {
    return pairs.stream().flatMap(p -> ways.stream().map(w -> checked(p, w))).toList();
  }

  private static CampaignModel checked(ConceptPair pair, Way way) {
    CampaignModel model = new CampaignModel(pair, way);
    try {
      if (way.means() instanceof Way.Erase erase) {
        Campaign.single(pair, erase.recipe());
      }
      return model;
    } catch (RealeraException e) {
      throw way.compared() ? model.named(e) : e;
    }
  }

  /**
   * A shard's own: every N-th model, so that none is made twice. They are dealt method by method:
   * each of them takes about as long in every shard.
   *
   * @throws RealeraException (usage) as {@link #all}, or if none is left for the shard
   */
  static List<CampaignModel> own(List<ConceptPair> pairs, List<Way> ways, Shard shard) {
    List<CampaignModel> all =
        ways.stream().flatMap(w -> pairs.stream().map(p -> checked(p, w))).toList();
    List<CampaignModel> own = new ArrayList<>();
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

  /** Of its folders: {@code CONCEPT-METHOD}. */
  String name() {
    return FileNames.slug(pair.concept()) + "-" + way.key();
  }

  /** What went wrong, with the method's name and the concept's. */
  RealeraException named(RealeraException e) {
    return e.saying(way.label() + " on " + pair.concept() + ": " + e.getMessage(), e);
  }
}
