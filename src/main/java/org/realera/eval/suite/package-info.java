/**
 * Suites: benchmarks as data, read from YAML. Start reading at {@link
 * org.realera.eval.suite.Suite}; {@link org.realera.eval.suite.SuiteReader} reads the shipped ones
 * and a user's own. From a suite and the erased concept come the {@link
 * org.realera.eval.suite.ImageSet}s to draw and the {@link org.realera.eval.suite.Labels} that a
 * scorer gives. Nothing is drawn, scored or written here.
 */
@NullMarked
package org.realera.eval.suite;

import org.jspecify.annotations.NullMarked;
