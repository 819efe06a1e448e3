package org.realera.cli.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.config.ConceptPair;
import org.realera.diffusion.Verdict;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;

/**
 * {@code realera erase}.
 *
 * @param model as the user named it
 * @param out the folder
 * @param written the file or folder to load
 * @param report the page
 * @param manifest realera.json
 * @param alreadyThere whether nothing was to do
 * @param stages of each that ran, one line of words
 * @param seconds of this run
 * @param check what the report's images show; null without a verdict
 */
public record EraseJson(
    String model,
    List<ConceptPair> concepts,
    String out,
    String written,
    String report,
    String manifest,
    boolean alreadyThere,
    Map<String, String> stages,
    double seconds,
    @Nullable Verdict check) {

  /** What came of it, with a verdict or null. */
  public static EraseJson of(EraseRequest request, EraseResult result, @Nullable Verdict verdict) {
    Map<String, String> stages = new LinkedHashMap<>();
    result.summaries().forEach((stage, summary) -> stages.put(stage.key(), summary));
    return new EraseJson(
        request.model().name(),
        request.recipe().concepts(),
        result.out().toString(),
        request.written().toString(),
        result.report().toString(),
        result.manifest().toString(),
        result.alreadyThere(),
        stages,
        result.seconds(),
        verdict == null ? null : verdict.rounded());
  }
}
