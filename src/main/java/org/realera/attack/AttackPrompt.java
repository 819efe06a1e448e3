package org.realera.attack;

/**
 * Where an attack starts: a prompt that asks for the concept, and the picture that it means.
 *
 * @param text names the concept, or means it
 * @param seed of the picture's initial noise, as {@code torch.manual_seed} takes it
 */
public record AttackPrompt(String text, long seed) {}
