package org.realera.scorer;

import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
  private final @Nullable String doubt;

  private FidScorer(
      Inception inception,
      Resizing resizing,
      FeatureStatistics reference,
      @Nullable String doubt,
      Resources resources) {
    this.inception = inception;
    this.resizing = resizing;
    this.reference = reference;
    this.doubt = doubt;
    this.resources = resources;
    this.moments = resources.own(new FeatureMoments(), FeatureMoments::close);
  }

  static FidScorer load(Path model, Path reference, Resizing resizing, Compute compute) {
    return Resources.load(
        resources -> {
          FeatureStatistics given =
              Files.isDirectory(reference) ? null : statistics(reference, resizing);
          Inception inception =
              resources.own(Inception.load(model, compute, resizing), Inception::close);
          return new FidScorer(
              inception,
              resizing,
              given == null ? ofFolder(inception, reference) : given,
              given == null || given.resizing() != null ? null : doubt(reference, resizing),
              resources);
        });
  }

  /**
   * Statistics that images resized so can be compared with.
   *
   * @param file a {@code .npz}
   * @throws RealeraException (usage) if they are of images that were resized otherwise; as {@link
   *     FeatureStatistics#read}
   */
  public static FeatureStatistics statistics(Path file, Resizing resizing) {
    FeatureStatistics read = FeatureStatistics.read(file);
    Resizing other = read.resizing();
    if (other != null && other != resizing) {
      throw RealeraException.usage(
          "%s is of pictures with --resize %s, and is to be compared with --resize %s"
              .formatted(file, other.id(), resizing.id()),
          ("Make the statistics again with `realera eval score fid --resize %s --save-statistics`,"
                  + " or compare by `realera eval score fid --resize %s`.")
              .formatted(resizing.id(), other.id()));
    }
    return read;
  }

  private static String doubt(Path file, Resizing resizing) {
    return ("%s does not say how its pictures were resized: the distance is FID only if that was"
            + " clean-fid's mode %s")
        .formatted(file, resizing.cleanFidMode());
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

  /** What a user should know of the reference; empty for nothing. */
  public Optional<String> doubt() {
    return Optional.ofNullable(doubt);
  }

  /** The mean and the covariance of the images so far. */
  public FeatureStatistics statistics() {
    return moments.statistics().resizedBy(resizing);
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
