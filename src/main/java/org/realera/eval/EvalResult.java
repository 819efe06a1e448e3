package org.realera.eval;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Summary;
import org.realera.eval.run.Shard;

/**
 * What came of an evaluation.
 *
 * @param out the run folder
 * @param shard which part of it this was
 * @param summary the figures; null for a shard, which has none by itself
 * @param report the page; null for a shard
 * @param drawn images drawn now
 * @param kept images that were there before
 * @param seconds wall-clock time
 */
public record EvalResult(
    Path out,
    Shard shard,
    @Nullable Summary summary,
    @Nullable Path report,
    int drawn,
    int kept,
    double seconds) {}
