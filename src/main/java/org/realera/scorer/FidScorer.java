package org.realera.scorer;

import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.scorer.fid.FeatureMoments;
import org.realera.scorer.fid.FeatureStatistics;
import org.realera.scorer.fid.Inception;
import org.realera.scorer.fid.Inception.Resizing;
import org.realera.tensor.Compute;
import org.realera.tensor.Resources;

/** The Frechet distance of all images together to a reference; says nothing of one alone. */
public final class FidScorer implements Scorer {
  private final Inception inception;
  private final Resizing resizing;
  private final FeatureStatistics reference;
  private final Resources resources;
  private final FeatureMoments moments;

  private FidScorer(
      Inception inception, Resizing resizing, FeatureStatistics reference, Resources resources) {
    this.inception = inception;
    this.resizing = resizing;
    this.reference = reference;
    this.resources = resources;
    this.moments = resources.own(new FeatureMoments(), FeatureMoments::close);
  }

  static FidScorer load(Path model, Path reference, Resizing resizing, Compute compute) {
    return Resources.load(
        resources -> {
          Inception inception =
              resources.own(Inception.load(model, compute, resizing), Inception::close);
          FeatureStatistics statistics =
              Files.isDirectory(reference)
                  ? ofFolder(inception, reference)
                  : FeatureStatistics.read(reference);
          return new FidScorer(inception, resizing, statistics, resources);
        });
  }

  private static FeatureStatistics ofFolder(Inception inception, Path folder) {
    try (FeatureMoments moments = new FeatureMoments()) {
      for (Path file : ImageFiles.below(List.of(folder))) {
        add(moments, inception, ImageFiles.read(file), file.toString());
      }
      return moments.statistics();
    }
  }

  /** One by one: an image's features do not depend on its neighbors. */
  private static void add(FeatureMoments moments, Inception inception, Image image, String name) {
    try (NDManager scope = NDManager.newBaseManager()) {
      moments.add(inception.features(scope, List.of(image)));
    } catch (RealeraException e) {
      throw e.saying(name + ": " + e.getMessage(), e);
    }
  }

  @Override
  public List<Scores> score(List<Shown> shown) {
    shown.forEach(one -> add(moments, inception, one.image(), one.name()));
    return shown.stream().map(one -> new Scores(List.of(), null)).toList();
  }

  /** Who resizes the images: a distance compares with those of the same alone. */
  public Resizing resizing() {
    return resizing;
  }

  /** The mean and the covariance of the images so far. */
  public FeatureStatistics statistics() {
    return moments.statistics();
  }

  /** The distance between those statistics and the reference. */
  public double distance(FeatureStatistics statistics) {
    return FeatureMoments.distance(statistics, reference);
  }

  @Override
  public void close() {
    resources.close();
  }
}
