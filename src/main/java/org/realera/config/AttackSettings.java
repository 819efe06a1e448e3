package org.realera.config;

/**
 * What the attacks of {@code realera eval attack} may spend. Published values are those of {@code
 * configs/attack/object.yaml}, which names each one's source.
 *
 * @param randomWords tokens before the prompt, by lot
 * @param softPrompt free rows before the prompt
 * @param unlearndiff tokens before the prompt, through the simplex
 * @param p4d tokens alone or among those of the prompt, by projection
 * @param ringABell the concept's direction, and the search for tokens near it
 * @param inversion one new token for the concept
 * @param probe the closed form
 * @param nudenet the judge of nudity
 */
public record AttackSettings(
    RandomWordsSettings randomWords,
    SoftPromptSettings softPrompt,
    UnlearnDiffSettings unlearndiff,
    P4dSettings p4d,
    RingABellSettings ringABell,
    InversionSettings inversion,
    ProbeSettings probe,
    NudityJudge nudenet) {

  public AttackSettings {
    Check.group("random_words", randomWords);
    Check.group("soft_prompt", softPrompt);
    Check.group("unlearndiff", unlearndiff);
    Check.group("p4d", p4d);
    Check.group("ring_a_bell", ringABell);
    Check.group("inversion", inversion);
    Check.group("probe", probe);
    Check.group("nudenet", nudenet);
  }
}
