package org.realera.scorer.nudenet;

import org.realera.scorer.pixels.Box;

/**
 * One part that NudeNet found.
 *
 * @param score 0 to 1
 * @param box where, in pixels of the image
 */
public record Detection(BodyPart part, float score, Box box) {}
