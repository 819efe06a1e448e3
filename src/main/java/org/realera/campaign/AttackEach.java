package org.realera.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.Version;
import org.realera.attack.AttackName;
import org.realera.checkpoint.ModelRef;
import org.realera.config.AttackSettings;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.eval.attack.AttackPlan;
import org.realera.eval.attack.AttackReport;
import org.realera.eval.attack.AttackRequest;
import org.realera.eval.attack.AttackRuns;
import org.realera.eval.attack.AttackSummary;
import org.realera.eval.attack.AttackedModel;
import org.realera.eval.attack.PromptPlan;
import org.realera.eval.run.Shard;

/**
 * Each concept erased by each method, and each of these models attacked: {@code models/} is as
 * {@link EraseEach} has it, {@code attacks/} holds what came of it.
 *
 * @param pairs concepts with their anchors
 * @param ways to erase each of them; all change weights
 * @param asked what is done to each model
 */
public record AttackEach(Campaign campaign, List<ConceptPair> pairs, List<Way> ways, Asked asked) {

  /**
   * What is done to each model.
   *
   * @param settings what each attack may spend
   * @param prompts of each concept
   */
  public record Asked(
      List<AttackName> attacks, AttackSettings settings, Map<String, PromptPlan> prompts) {}

  /**
   * Erases, attacks and writes the page. A shard makes every N-th model and attacks it from all its
   * prompts; it draws the original's images of their concepts for itself. Of SPM, as published,
   * words are drawn by the original with its adapters by facilitated transport.
   *
   * @return null for a shard, which has no figures by itself
   * @throws RealeraException (usage) if no model is left for the shard; or what a method or an
   *     attack throws, with the method's name and the concept's. What is complete by then is kept
   */
  public @Nullable AttackSummary run() {
    Map<String, Path> twins = new HashMap<>();
    List<Path> runs = new ArrayList<>();
    for (CampaignModel model : all()) {
      Path run = attacked(model, twins.get(model.pair().concept()));
      twins.putIfAbsent(model.pair().concept(), run);
      runs.add(run);
    }
    return campaign.isSharded() ? null : AttackReport.write(runs, campaign.out());
  }

  /**
   * The models that are made and attacked, by their folders' names.
   *
   * @throws RealeraException (usage) if none is left for the shard
   */
  public List<String> models() {
    return all().stream().map(CampaignModel::name).toList();
  }

  private List<CampaignModel> all() {
    return campaign.isSharded()
        ? CampaignModel.own(pairs, ways, campaign.shard())
        : CampaignModel.all(pairs, ways);
  }

  private Path attacked(CampaignModel model, @Nullable Path twin) {
    Path run = campaign.out().resolve(AttackRuns.ATTACKS).resolve(model.name());
    try {
      EraseRecipe recipe = ((Way.Erase) model.way().means()).recipe();
      ModelRef erased = campaign.erase(model.name(), model.pair(), recipe);
      Path spm = recipe.method() == MethodName.SPM ? erased.path() : null;
      AttackedModel victim = new AttackedModel(erased, model.way().label(), campaign.model(), spm);
      campaign.attack(request(model, victim, twin, run));
      return run;
    } catch (RealeraException e) {
      throw model.named(e);
    }
  }

  private AttackRequest request(
      CampaignModel model, AttackedModel victim, @Nullable Path twin, Path run) {
    ConceptPair pair = model.pair();
    return new AttackRequest(
        campaign.suite(),
        campaign.sampler(),
        victim,
        campaign.scorer(),
        pair.concept(),
        pair.anchor(),
        new AttackPlan(
            Objects.requireNonNull(asked.prompts().get(pair.concept())),
            asked.attacks(),
            asked.settings()),
        Shard.WHOLE,
        twin,
        run,
        Version.current());
  }
}
