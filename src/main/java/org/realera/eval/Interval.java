package org.realera.eval;

/**
 * A figure with its 95 % bootstrap interval.
 *
 * @param value the figure over all images, in percent
 * @param low 2.5th percentile of the resampled figures
 * @param high 97.5th percentile
 */
public record Interval(double value, double low, double high) {}
