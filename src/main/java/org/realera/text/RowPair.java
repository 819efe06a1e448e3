package org.realera.text;

/**
 * A row of the concept's embedding and the row of the anchor's that takes its place.
 *
 * @param conceptRow row of E(p(c)), 0 to 76
 * @param anchorRow row of E(p(c*)), 0 to 76
 */
public record RowPair(int conceptRow, int anchorRow) {}
