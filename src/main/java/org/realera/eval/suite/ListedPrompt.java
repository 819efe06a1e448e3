package org.realera.eval.suite;

import org.jspecify.annotations.Nullable;

/**
 * One line of a prompt list.
 *
 * @param prompt as it stands there
 * @param seed the line's own, or its index from 0 in a list without seeds
 * @param guidance the line's own guidance scale, or null in a list without
 */
public record ListedPrompt(String prompt, long seed, @Nullable Double guidance) {}
