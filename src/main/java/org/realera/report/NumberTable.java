package org.realera.report;

import java.util.List;

/**
 * A table of numbers by name.
 *
 * @param title what stands above it
 * @param label the model under test
 * @param original whether there is a column of the original model, too
 * @param rows a cell for each column
 */
public record NumberTable(String title, String label, boolean original, List<Row> rows) {}
