/**
 * {@code report.html}: what an evaluation found, for a person to read. Start reading at {@link
 * org.realera.eval.report.EvalReport}, which reads runs and writes the page and {@code
 * summary.json}; {@link org.realera.eval.report.ReportPage} puts the page together.
 */
@NullMarked
package org.realera.eval.report;

import org.jspecify.annotations.NullMarked;
