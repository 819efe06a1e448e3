package org.realera.report;

/**
 * An image that lies in the page itself.
 *
 * @param width in pixels
 * @param height in pixels
 * @param uri the file as a {@code data:} URI
 */
public record Thumbnail(int width, int height, String uri) {}
