package org.realera.eval.attack;

import java.util.List;
import org.realera.attack.AttackName;
import org.realera.config.AttackSettings;

/**
 * What is done to a model.
 *
 * @param prompts the prompts of all shards
 * @param attacks which to make, in the order of tables
 * @param settings what each may spend
 */
public record AttackPlan(PromptPlan prompts, List<AttackName> attacks, AttackSettings settings) {
  public AttackPlan {
    attacks = List.copyOf(attacks);
  }
}
