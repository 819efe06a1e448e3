package org.realera.scorer;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.Image;
import org.realera.scorer.fid.FeatureMoments;
import org.realera.scorer.fid.FeatureStatistics;
import org.realera.scorer.fid.Inception;
import org.realera.tensor.Resources;

/** The Frechet distance of all pictures together to a reference, if there is one. */
final class FidScoring implements PictureScorer {
  private final Inception inception;
  private final @Nullable FeatureStatistics reference;
  private final @Nullable Path keep;
  private final Resources resources;
  private final FeatureMoments moments;

  FidScoring(
      Inception inception,
      @Nullable FeatureStatistics reference,
      @Nullable Path keep,
      Resources resources) {
    this.inception = inception;
    this.reference = reference;
    this.keep = keep;
    this.resources = resources;
    this.moments = resources.own(new FeatureMoments(), FeatureMoments::close);
  }

  @Override
  public List<String> columns() {
    return List.of();
  }

  @Override
  public List<String> score(Path file, Image picture) {
    try (NDManager scope = NDManager.newBaseManager()) {
      moments.add(inception.features(scope, List.of(picture)));
    }
    return List.of();
  }

  /** The mean and the covariance of the pictures so far. */
  FeatureStatistics statistics() {
    return moments.statistics();
  }

  @Override
  public Map<String, Object> totals() {
    FeatureStatistics statistics = statistics();
    if (keep != null) {
      statistics.write(keep);
    }
    Map<String, Object> totals = new LinkedHashMap<>();
    if (reference != null) {
      totals.put("fid", FeatureMoments.distance(statistics, reference));
    }
    totals.put("features", statistics.size());
    if (moments.count() <= statistics.size()) {
      totals.put(
          "note", "fewer pictures than features: the covariance is singular and FID far too high");
    }
    return totals;
  }

  @Override
  public void close() {
    resources.close();
  }
}
