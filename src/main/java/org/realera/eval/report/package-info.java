/**
 * Hands what an evaluation found to its page, {@link org.realera.report.EvalPage}. Start reading at
 * {@link org.realera.eval.report.EvalReport}, which reads runs and writes {@code report.html} and
 * {@code summary.json}; {@link org.realera.eval.report.ReportPage} puts together what the page
 * shows.
 */
@NullMarked
package org.realera.eval.report;

import org.jspecify.annotations.NullMarked;
