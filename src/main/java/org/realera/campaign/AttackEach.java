package org.realera.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
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
import org.realera.eval.attack.AttackReport;
import org.realera.eval.attack.AttackRequest;
import org.realera.eval.attack.AttackRuns;
import org.realera.eval.attack.AttackSummary;
import org.realera.eval.attack.PromptPlan;
import org.realera.files.FileNames;

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
   * Erases, attacks and writes the page. A shard erases every concept for itself, for the same seed
   * gives the same model, and attacks from its part of the prompts.
   *
   * @return null for a shard, which has no figures by itself
   * @throws RealeraException what a method or an attack throws, with the method's name and the
   *     concept's. What is complete by then is kept
   */
  public @Nullable AttackSummary run() {
    List<Path> runs = new ArrayList<>();
    for (ConceptPair pair : pairs) {
      @Nullable Path twin = null;
      for (Way way : ways) {
        Path run = attacked(pair, way, twin);
        twin = twin == null ? run : twin;
        runs.add(run);
      }
    }
    return campaign.isSharded() ? null : AttackReport.write(runs, campaign.out());
  }

  private Path attacked(ConceptPair pair, Way way, @Nullable Path twin) {
    String name = FileNames.slug(pair.concept()) + "-" + way.key();
    Path run = campaign.out().resolve(AttackRuns.ATTACKS).resolve(name);
    try {
      Way.Erase means = (Way.Erase) way.means();
      ModelRef erased = campaign.erase(name, pair, means.recipe());
      campaign.attack(request(pair, way, erased, twin, run));
      return run;
    } catch (RealeraException e) {
      throw new RealeraException(
          e.kind(), way.label() + " on " + pair.concept() + ": " + e.getMessage(), e.remedy(), e);
    }
  }

  private AttackRequest request(
      ConceptPair pair, Way way, ModelRef erased, @Nullable Path twin, Path run) {
    return new AttackRequest(
        campaign.suite(),
        campaign.sampler(),
        erased,
        campaign.model(),
        campaign.scorer(),
        pair.concept(),
        pair.anchor(),
        way.label(),
        Objects.requireNonNull(asked.prompts().get(pair.concept())),
        asked.attacks(),
        asked.settings(),
        campaign.shard(),
        twin,
        run,
        Version.current());
  }
}
