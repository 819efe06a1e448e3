/**
 * Suites, scorers, metrics and the report: what proves that a concept is gone and the rest is not.
 */
@NullMarked
package org.realera.eval;

import org.jspecify.annotations.NullMarked;
