package org.realera.eval;

/**
 * A face that MTCNN found.
 *
 * @param box in pixels of the picture; may reach over its edges
 * @param probability that it is one, 0 to 1
 */
public record Face(Box box, float probability) {}
