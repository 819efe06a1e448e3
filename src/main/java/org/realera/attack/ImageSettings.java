package org.realera.attack;

/**
 * How an attack's images are drawn: those that the jury sees, and those of the original that an
 * attack aims at.
 *
 * @param steps DDIM steps
 * @param guidance scale of classifier-free guidance
 * @param width in pixels
 * @param height in pixels
 */
public record ImageSettings(int steps, double guidance, int width, int height) {}
