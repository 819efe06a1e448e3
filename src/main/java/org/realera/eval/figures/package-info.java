/**
 * From scored images to figures: Acc_e, Acc_s, Acc_g and H_o with their intervals, counts and
 * means, {@code summary.json}, and the paper's own tables. Start reading at {@link
 * org.realera.eval.figures.Metrics}; {@link org.realera.eval.figures.Summaries} fills a {@link
 * org.realera.eval.figures.Summary} with it.
 */
@NullMarked
package org.realera.eval.figures;

import org.jspecify.annotations.NullMarked;
