package org.realera.erase;

import java.nio.file.Path;
import java.util.Map;
import org.realera.method.Stage;

/**
 * What came of an erasure.
 *
 * @param out the model folder, complete
 * @param manifest realera.json in it
 * @param report report.html in it
 * @param summaries one line for each stage that ran, in order
 * @param seconds wall-clock time of this run
 * @param alreadyThere whether {@code out} was complete before, so that nothing was done
 */
public record EraseResult(
    Path out,
    Path manifest,
    Path report,
    Map<Stage, String> summaries,
    double seconds,
    boolean alreadyThere) {}
