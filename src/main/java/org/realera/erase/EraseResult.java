package org.realera.erase;

import java.nio.file.Path;
import java.util.List;
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
 * @param pictures those of the report; none if it has none, or if nothing was done
 */
public record EraseResult(
    Path out,
    Path manifest,
    Path report,
    Map<Stage, String> summaries,
    double seconds,
    boolean alreadyThere,
    List<DrawnWord> pictures) {

  /** One without pictures. */
  public EraseResult(
      Path out,
      Path manifest,
      Path report,
      Map<Stage, String> summaries,
      double seconds,
      boolean alreadyThere) {
    this(out, manifest, report, summaries, seconds, alreadyThere, List.of());
  }
}
