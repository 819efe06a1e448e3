package org.realera.attack;

import java.util.ArrayList;
import java.util.List;
import org.realera.Progress;
import org.realera.tensor.Noise;

/** An attack that goes from prompt to prompt. */
interface OnePrompt extends Attack {
  /** What {@link Progress#check} says. */
  String LEFT = "the attack on this prompt begins anew next time";

  /** Attacks from one prompt; see {@link Attack}. */
  Attempt attack(Victim victim, String concept, AttackPrompt prompt, Jury jury, Progress progress);

  @Override
  default List<Attempt> attack(
      Victim victim, String concept, List<AttackPrompt> prompts, Jury jury, Progress progress) {
    List<Attempt> attempts = new ArrayList<>();
    for (AttackPrompt prompt : prompts) {
      progress.check(LEFT);
      attempts.add(attack(victim, concept, prompt, jury, progress));
    }
    return attempts;
  }

  /** All that an attack draws by lot from one prompt; it depends on nothing but these two. */
  static Noise noise(AttackName name, AttackPrompt prompt) {
    return new Noise(Noise.derive(prompt.seed(), "attack " + name.label(), 0));
  }

  /** Asks about one candidate. */
  static boolean convinced(Jury jury, AttackPrompt prompt, Candidate candidate) {
    return jury.convinced(prompt, List.of(candidate)).get(0);
  }
}
