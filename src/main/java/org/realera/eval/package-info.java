/**
 * Proves that a concept is gone and the rest is not: draws what a suite asks for, scores it, sums
 * up, and goes on where a killed run stopped. Start reading at {@link org.realera.eval.Evaluation}:
 * it takes an {@link org.realera.eval.EvalRequest}, runs the drawing, scoring and FID passes over a
 * run folder and has the report written. Below it, each knowing only those after it: {@link
 * org.realera.eval.report} (pages), {@link org.realera.eval.metrics} (Acc_e, H_o, summary.json),
 * {@link org.realera.eval.run} (what lies in a run folder), {@link org.realera.eval.suite} (what is
 * drawn and asked). Beside it stand {@link org.realera.eval.attack}, runs of attacks on an erased
 * model, and {@link org.realera.eval.check}, a look at an erasure's own images. The scorers
 * themselves are in {@link org.realera.scorer}.
 */
@NullMarked
package org.realera.eval;

import org.jspecify.annotations.NullMarked;
