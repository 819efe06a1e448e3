/**
 * Hands what an evaluation found to its page. Start reading at {@link
 * org.realera.eval.report.EvalReport}, which reads runs and writes {@code report.html} and {@code
 * summary.json}. There are two families: {@code Report...} puts together the page of runs, {@link
 * org.realera.report.EvalPage}, and {@code Methods...} that of a comparison of methods, {@link
 * org.realera.report.MethodsPage}, with its CSV file. The page of attacks is {@link
 * org.realera.eval.attack}'s.
 */
@NullMarked
package org.realera.eval.report;

import org.jspecify.annotations.NullMarked;
