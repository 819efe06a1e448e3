package org.realera.eval.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Reading;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.files.IoErrors;

/**
 * The pictures of a report: before and after with the same seeds, and the images that stand out.
 */
final class ReportPictures {
  private static final int THUMBNAIL = 128;
  private static final int GAP = 2;
  private static final int OUTSTANDING = 8;

  private final ModelPair pair;
  private final int perSet;

  /**
   * The pictures of one run.
   *
   * @param perSet how many of each prompt to show
   */
  ReportPictures(ModelPair pair, int perSet) {
    this.pair = pair;
    this.perSet = perSet;
  }

  /** A card for each prompt. */
  String cards() {
    StringBuilder out = new StringBuilder("<div class=\"cards\">\n");
    ModelRun baseline = pair.baseline();
    Map<String, List<ScoredImage>> before = baseline == null ? Map.of() : baseline.bySet();
    pair.model()
        .bySet()
        .forEach(
            (name, images) -> {
              ImageSet set = images.get(0).set();
              out.append("<section class=\"card\"><p class=\"role ")
                  .append(set.role().label())
                  .append("\">")
                  .append(caption(set))
                  .append("</p><h3>")
                  .append(Html.escape(set.prompt()))
                  .append("</h3>\n");
              if (baseline != null) {
                out.append(strip("Before", set, baseline, before.getOrDefault(name, List.of())));
              }
              out.append(strip(baseline == null ? "" : "After", set, pair.model(), images));
              out.append("</section>\n");
            });
    return out.append("</div>\n").toString();
  }

  private String caption(ImageSet set) {
    boolean survey = pair.model().info().concept() == null;
    return switch (set.role()) {
      case ERASED -> survey ? "What should not be drawn" : "Erased";
      case KEPT -> survey ? "Concept" : "Kept";
      case RELATED ->
          (set.word().equals(set.prompt()) ? "Means " : "Synonym of ") + Html.escape(set.subject());
    };
  }

  private String strip(String caption, ImageSet set, ModelRun run, List<ScoredImage> images) {
    List<ScoredImage> some = images.subList(0, Math.min(perSet, images.size()));
    if (some.isEmpty()) {
      return "";
    }
    List<BufferedImage> pictures = some.stream().map(image -> thumbnail(run, image)).toList();
    int width = pictures.get(0).getWidth();
    int height = pictures.get(0).getHeight();
    boolean lossless = perSet > 4 && width <= 64;
    // The gaps are transparent where the format can be.
    BufferedImage strip =
        new BufferedImage(
            pictures.size() * (width + GAP) - GAP,
            height,
            lossless ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = strip.createGraphics();
    if (!lossless) {
      graphics.setColor(Color.GRAY);
      graphics.fillRect(0, 0, strip.getWidth(), height);
    }
    for (int i = 0; i < pictures.size(); i++) {
      graphics.drawImage(pictures.get(i), i * (width + GAP), 0, null);
    }
    graphics.dispose();
    String alt =
        "%d pictures, %s, seeds 0 to %d %s"
            .formatted(some.size(), set.prompt(), some.size() - 1, caption);
    return "<figure><figcaption>"
        + caption
        + "</figcaption>"
        + image(strip, alt, lossless)
        + "</figure>\n";
  }

  /** Images of the erased concept and its synonyms that still show it most. */
  String fooled() {
    ModelRun run = pair.model();
    List<ScoredImage> worst =
        run.images().stream()
            .filter(image -> image.set().role() != Role.KEPT)
            .sorted(Comparator.comparingDouble(probability(run)).reversed())
            .limit(OUTSTANDING)
            .toList();
    return figures(run, worst);
  }

  /** Images of other concepts that show their own concept least. */
  String damaged() {
    ModelRun run = pair.model();
    List<ScoredImage> worst =
        run.images().stream()
            .filter(image -> image.set().role() == Role.KEPT)
            .sorted(Comparator.comparingDouble(probability(run)))
            .limit(OUTSTANDING)
            .toList();
    return figures(run, worst);
  }

  private static ToDoubleFunction<ScoredImage> probability(ModelRun run) {
    Reading reading = Reading.of(run.info().scoring());
    return image -> reading.value().apply(image).orElse(0);
  }

  private static String figures(ModelRun run, List<ScoredImage> images) {
    Reading reading = Reading.of(run.info().scoring());
    StringBuilder out = new StringBuilder("<div class=\"fooled\">\n");
    for (ScoredImage image : images) {
      String text = reading.words().apply(image);
      String caption =
          String.format(Locale.ROOT, "%s · “%s”, seed %d", text, image.set().word(), image.seed());
      out.append("<figure>")
          .append(image(thumbnail(run, image), image.prompt(), false))
          .append("<figcaption>")
          .append(Html.escape(caption))
          .append("</figcaption></figure>\n");
    }
    return out.append("</div>\n").toString();
  }

  private static BufferedImage thumbnail(ModelRun run, ScoredImage image) {
    BufferedImage picture;
    try {
      byte[] bytes = Files.readAllBytes(run.locate(image));
      @Nullable BufferedImage read = ImageIO.read(new ByteArrayInputStream(bytes));
      if (read == null) {
        throw new IOException("no picture: " + image.file());
      }
      picture = read;
    } catch (IOException e) {
      throw IoErrors.reading(run.locate(image), e);
    }
    // Halving keeps bilinear filtering from skipping pixels.
    while (Math.max(picture.getWidth(), picture.getHeight()) > THUMBNAIL) {
      int width = Math.max(1, picture.getWidth() / 2);
      int height = Math.max(1, picture.getHeight() / 2);
      BufferedImage half = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = half.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.drawImage(picture, 0, 0, width, height, null);
      graphics.dispose();
      picture = half;
    }
    return picture;
  }

  private static String image(BufferedImage picture, String alt, boolean lossless) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String format = lossless ? "png" : "jpeg";
    try {
      if (!ImageIO.write(lossless ? picture : opaque(picture), format, bytes)) {
        throw new IllegalStateException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "<img alt=\"%s\" width=\"%d\" height=\"%d\" src=\"data:image/%s;base64,%s\">"
        .formatted(
            Html.escape(alt),
            picture.getWidth(),
            picture.getHeight(),
            format,
            Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }

  private static BufferedImage opaque(BufferedImage picture) {
    if (picture.getType() == BufferedImage.TYPE_INT_RGB) {
      return picture;
    }
    BufferedImage copy =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = copy.createGraphics();
    graphics.drawImage(picture, 0, 0, null);
    graphics.dispose();
    return copy;
  }
}
