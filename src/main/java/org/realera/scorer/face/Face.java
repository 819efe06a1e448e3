package org.realera.scorer.face;

import org.realera.scorer.pixels.Box;

/**
 * A face that MTCNN found.
 *
 * @param box in pixels of the image; may reach over its edges
 * @param probability that it is one, 0 to 1
 */
record Face(Box box, float probability) {}
