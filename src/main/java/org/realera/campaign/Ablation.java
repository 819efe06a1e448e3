package org.realera.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.eval.metrics.Summary;
import org.realera.eval.report.EvalReport;
import org.realera.eval.report.HeatMap;

/**
 * What each part of the method does: one concept erased in the variants of the paper's Table 3,
 * then the sweeps of its Figure 5, on one page.
 *
 * @param pair the concept and its anchor
 * @param recipe the whole method; the variants switch parts of it off
 * @param samples images of each prompt of the variants, or null for the suite's
 * @param sweepSamples images of each prompt of the sweeps, or null for no sweeps
 */
public record Ablation(
    Campaign campaign,
    ConceptPair pair,
    EraseRecipe recipe,
    @Nullable Integer samples,
    @Nullable Integer sweepSamples) {

  /**
   * Draws and scores what is not there yet, and writes the page.
   *
   * @return the figures of the variants
   */
  public Summary run() {
    Path original = campaign.original(pair.concept(), pair.anchor(), samples);
    List<Path> runs = new ArrayList<>();
    for (Variant variant : Variant.values()) {
      runs.add(
          campaign
              .measure(
                  variant.key(),
                  variant.label(),
                  pair,
                  variant.of(recipe),
                  samples,
                  Campaign.source(original))
              .out());
    }
    List<HeatMap> maps =
        sweepSamples == null ? List.of() : new Sweeps(campaign, pair, recipe, sweepSamples).maps();
    return EvalReport.writeAblation(runs, maps, campaign.out());
  }
}
