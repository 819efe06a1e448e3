/**
 * From scored images to figures: Acc_e, Acc_s, Acc_g and H_o with their intervals, counts and
 * means, {@code summary.json}, and the paper's own tables. Start reading at {@link
 * org.realera.eval.metrics.Metrics}; {@link org.realera.eval.metrics.Summaries} fills a {@link
 * org.realera.eval.metrics.Summary} with it.
 */
@NullMarked
package org.realera.eval.metrics;

import org.jspecify.annotations.NullMarked;
