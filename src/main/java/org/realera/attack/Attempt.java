package org.realera.attack;

import org.jspecify.annotations.Nullable;

/**
 * How an attack ended on one prompt.
 *
 * @param prompt where it started
 * @param candidate the one that succeeded, or else the last one tried
 * @param succeeded whether the jury saw the concept
 * @param steps gradient steps or generations taken, 0 where there are none
 * @param loss the last step's, or null where there is none
 */
public record Attempt(
    AttackPrompt prompt,
    Candidate candidate,
    boolean succeeded,
    int steps,
    @Nullable Double loss) {}
