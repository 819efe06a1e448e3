package org.realera.eval.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.realera.diffusion.Image;
import org.realera.eval.metrics.Reading;
import org.realera.eval.run.ImageStore;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.report.Gallery;
import org.realera.report.Gallery.Captioned;
import org.realera.report.Gallery.Card;
import org.realera.report.Thumbnails;

/** The images of a report: before and after with the same seeds, and the images that stand out. */
final class RunGallery {
  private static final int OUTSTANDING = 8;

  /** So few of a prompt are shown on a page of many runs, where they may lose some detail. */
  private static final int FEW = 4;

  private final ModelPair pair;
  private final int perSet;
  private final boolean survey;

  private RunGallery(ModelPair pair, int perSet) {
    this.pair = pair;
    this.perSet = perSet;
    this.survey = pair.model().info().concept() == null;
  }

  /**
   * The images of one run.
   *
   * @param perSet how many of each prompt to show
   */
  static Gallery of(ModelPair pair, int perSet) {
    return new RunGallery(pair, perSet).gallery();
  }

  private Gallery gallery() {
    return new Gallery(
        survey, pair.baseline() != null, cards(), survey ? List.of() : fooled(), damaged());
  }

  /** A card for each prompt. */
  private List<Card> cards() {
    ModelRun baseline = pair.baseline();
    Map<String, List<ScoredImage>> before = baseline == null ? Map.of() : baseline.bySet();
    List<Card> cards = new ArrayList<>();
    pair.model()
        .bySet()
        .forEach(
            (name, images) -> {
              ImageSet set = images.get(0).set();
              List<Captioned> strips = new ArrayList<>();
              if (baseline != null) {
                strip("Before", set, baseline, before.getOrDefault(name, List.of()))
                    .forEach(strips::add);
              }
              strip(baseline == null ? "" : "After", set, pair.model(), images)
                  .forEach(strips::add);
              cards.add(new Card(set.role().label(), caption(set), set.prompt(), strips));
            });
    return cards;
  }

  private String caption(ImageSet set) {
    return switch (set.role()) {
      case ERASED -> survey ? "What should not be drawn" : "Erased";
      case KEPT -> survey ? "Concept" : "Kept";
      case RELATED -> (set.word().equals(set.prompt()) ? "Means " : "Synonym of ") + set.subject();
      case SUBTYPE -> "Subtype of " + set.subject();
    };
  }

  /** An image of a run. */
  static Thumbnails.Pixels read(Path file) {
    Image image = ImageStore.anySize(file);
    return new Thumbnails.Pixels(image.width(), image.height(), image.rgb());
  }

  /** None without images. */
  private Stream<Captioned> strip(
      String caption, ImageSet set, ModelRun run, List<ScoredImage> images) {
    List<Path> some = images.stream().limit(perSet).map(run::locate).toList();
    if (some.isEmpty()) {
      return Stream.of();
    }
    String alt =
        some.size() == 1
            ? "1 picture, %s, seed 0 %s".formatted(set.prompt(), caption)
            : "%s pictures, %s, seeds 0 to %s %s"
                .formatted(some.size(), set.prompt(), some.size() - 1, caption);
    return Stream.of(
        new Captioned(Thumbnails.strip(some, RunGallery::read, perSet > FEW), alt, caption));
  }

  /** Images of the erased concept and its synonyms that still show it most. */
  private List<Captioned> fooled() {
    ModelRun run = pair.model();
    return figures(
        run.images().stream()
            .filter(image -> image.set().role() != Role.KEPT)
            .sorted(probability().reversed()));
  }

  /** Images of other concepts that show their own concept least. */
  private List<Captioned> damaged() {
    ModelRun run = pair.model();
    return figures(
        run.images().stream()
            .filter(image -> image.set().role() == Role.KEPT)
            .sorted(probability()));
  }

  private Comparator<ScoredImage> probability() {
    Reading reading = Reading.of(pair.model().info().scoring());
    return Comparator.comparingDouble(image -> reading.value().apply(image).orElse(0));
  }

  private List<Captioned> figures(Stream<ScoredImage> worst) {
    ModelRun run = pair.model();
    Reading reading = Reading.of(run.info().scoring());
    return worst
        .limit(OUTSTANDING)
        .map(
            image ->
                new Captioned(
                    Thumbnails.small(read(run.locate(image))),
                    image.prompt(),
                    String.format(
                        Locale.ROOT,
                        "%s · “%s”, seed %d",
                        reading.words().apply(image),
                        image.set().word(),
                        image.seed())))
        .toList();
  }
}
