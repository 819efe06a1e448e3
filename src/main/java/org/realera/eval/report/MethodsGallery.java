package org.realera.eval.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.metrics.Reading;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.report.Gallery.Captioned;
import org.realera.report.MethodsPage.Line;
import org.realera.report.MethodsPage.Prompt;
import org.realera.report.MethodsPage.Samples;
import org.realera.report.Thumbnails;

/** The same seeds of a concept drawn by every model: a column for each prompt. */
final class MethodsGallery {
  /** Images of each prompt. */
  private static final int SEEDS = 3;

  private MethodsGallery() {}

  /**
   * The images of one concept: of itself, its first synonym and subtype, and the other concept that
   * lost most over all methods.
   *
   * @param pairs its runs, one for each method
   */
  static Samples of(String concept, List<ModelPair> pairs) {
    List<ImageSet> sets =
        Stream.of(
                first(pairs.get(0), Role.ERASED),
                first(pairs.get(0), Role.RELATED),
                first(pairs.get(0), Role.SUBTYPE),
                mostDamaged(pairs))
            .flatMap(Optional::stream)
            .toList();
    List<Line> lines = new ArrayList<>();
    pairs.stream()
        .map(ModelPair::baseline)
        .filter(Objects::nonNull)
        .findFirst()
        .flatMap(original -> line(Comparison.ORIGINAL, original, sets))
        .ifPresent(lines::add);
    pairs.forEach(
        pair -> line(pair.model().info().label(), pair.model(), sets).ifPresent(lines::add));
    int count = Math.min(SEEDS, pairs.get(0).model().info().samples());
    return new Samples(
        concept,
        count == 1 ? "Seed 0 of each prompt." : "Seeds 0 to " + (count - 1) + " of each prompt.",
        sets.stream()
            .map(set -> new Prompt(set.role().label(), caption(set), set.prompt()))
            .toList(),
        lines);
  }

  private static String caption(ImageSet set) {
    return switch (set.role()) {
      case ERASED -> "Erased";
      case KEPT -> "Kept, lost most";
      case RELATED -> "Synonym";
      case SUBTYPE -> "Subtype";
    };
  }

  private static Optional<ImageSet> first(ModelPair pair, Role role) {
    return sets(pair, role).findFirst();
  }

  private static Stream<ImageSet> sets(ModelPair pair, Role role) {
    return pair.model().info().sets().stream()
        .filter(set -> set.role() == role && set.prompts() == null);
  }

  /** The kept set whose images have the lowest mean over all methods. */
  private static Optional<ImageSet> mostDamaged(List<ModelPair> pairs) {
    return sets(pairs.get(0), Role.KEPT).min(Comparator.comparingDouble(set -> mean(set, pairs)));
  }

  private static double mean(ImageSet set, List<ModelPair> pairs) {
    return pairs.stream()
        .flatMap(pair -> of(pair.model(), set).map(image -> value(pair.model(), image)))
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.MAX_VALUE);
  }

  private static double value(ModelRun run, ScoredImage image) {
    return Reading.of(run.info().scoring()).value().apply(image).orElse(0);
  }

  private static Stream<ScoredImage> of(ModelRun run, ImageSet set) {
    return run.images().stream().filter(image -> image.set().name().equals(set.name()));
  }

  /** Empty once the images are gone: figures alone make a page, too. */
  private static Optional<Line> line(String name, ModelRun run, List<ImageSet> sets) {
    try {
      List<Captioned> strips = new ArrayList<>();
      for (ImageSet set : sets) {
        List<Path> files = of(run, set).limit(SEEDS).map(run::locate).toList();
        strips.add(
            new Captioned(
                Thumbnails.strip(files, RunGallery::read, false), name + ": " + set.prompt(), ""));
      }
      return Optional.of(new Line(name, strips));
    } catch (RealeraException e) {
      return Optional.empty();
    }
  }
}
