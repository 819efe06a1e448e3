package org.realera.eval.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The metrics of the published protocol, in percent. Without an erased concept (a survey) there is
 * no Acc_e and no H_o, and Acc_g is the accuracy over the synonyms of all classes.
 *
 * @param accE accuracy over images of the erased concept; low is good
 * @param accS accuracy over images of the other concepts; high is good
 * @param accG accuracy over images of the erased concept's synonyms; low is good
 * @param hO harmonic mean of 100 - accE, accS and 100 - accG
 */
public record Figures(
    @Nullable Interval accE,
    @Nullable Interval accS,
    @Nullable Interval accG,
    @Nullable Interval hO) {}
