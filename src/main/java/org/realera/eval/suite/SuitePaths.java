package org.realera.eval.suite;

import java.util.function.UnaryOperator;
import org.realera.eval.suite.Suite.Fid;
import org.realera.eval.suite.Suite.Scorer;
import org.realera.eval.suite.Suite.SmallModels;

/** The paths that a suite names, but for its list's, which the reader resolves against the file. */
final class SuitePaths {
  private SuitePaths() {}

  /** The same suite with other texts for its paths; a name is a text without a folder. */
  static Suite each(Suite suite, UnaryOperator<String> change) {
    Scorer scorer = suite.scorer();
    String model = scorer.model();
    SmallModels small = suite.smallModels();
    Fid fid = suite.fid();
    return suite.with(
        suite.sampler(),
        new Scorer(
            scorer.kind(),
            model == null ? null : change.apply(model),
            scorer.prompt(),
            scorer.threshold(),
            scorer.parts()),
        small == null
            ? null
            : new SmallModels(small.nativeSizeBelow(), change.apply(small.suite())),
        suite.list(),
        fid == null ? null : new Fid(change.apply(fid.model()), change.apply(fid.reference())));
  }
}
