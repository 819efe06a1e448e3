package org.realera.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.eval.run.RunInfo;
import org.realera.scorer.FidScorer;
import org.realera.scorer.Scorer;
import org.realera.scorer.Scorers;
import org.realera.scorer.Sightings;
import org.realera.scorer.face.Sighting;
import org.realera.scorer.fid.Inception.Resizing;

/**
 * A model that paints its prompt as a colour, and a scorer that recognises the colour. A folder
 * called {@code no-WORD} paints the sky for that word.
 */
final class FakeBackend extends FakeProvenance implements EvalBackend {
  int painted;
  String device = "cpu";
  int failAfter = Integer.MAX_VALUE;
  boolean failsToScore;
  boolean failsToRead;
  final List<String> paintedWith = new ArrayList<>();
  final List<Path> measuredWith = new ArrayList<>();
  final List<ImageRequest> requests = new ArrayList<>();

  @Override
  public Painter painter(Path model, @Nullable Path spm, Consumer<String> notes) {
    paintedWith.add(spm == null ? "nothing" : spm.toString());
    String name = model.getFileName().toString();
    return new Painter() {
      @Override
      public List<Image> paint(List<ImageRequest> batch) {
        List<Image> images = new ArrayList<>();
        for (ImageRequest request : batch) {
          if (painted++ >= failAfter) {
            throw new IllegalStateException("killed");
          }
          requests.add(request);
          String prompt = request.prompt();
          boolean erased = name.startsWith("no-") && prompt.endsWith(name.substring(3));
          images.add(
              colour(
                  erased ? "a photo of the sky" : prompt,
                  request.seed(),
                  request.width(),
                  request.height()));
        }
        return images;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public String fingerprint(Path model) {
    if (failsToRead) {
      throw new IllegalStateException("read");
    }
    return super.fingerprint(model);
  }

  private static Image colour(String prompt, long seed, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) (seed * 7));
    rgb[0] = (byte) prompt.hashCode();
    rgb[1] = (byte) (prompt.hashCode() >> 8);
    return new Image(width, height, rgb);
  }

  /**
   * Recognises colours: as labels; as the person of the prompt, in three images of four; as fitting
   * the subject's prompt or the image's own; as one exposed part where a prompt was followed.
   */
  @Override
  public Scorer scorer(Path scorer, RunInfo info) {
    return new Scorer() {
      @Override
      public List<Scores> score(List<Shown> images) {
        if (failsToScore) {
          throw new IllegalStateException("killed");
        }
        return images.stream().map(this::one).toList();
      }

      private Scores one(Shown shown) {
        Image image = shown.image();
        boolean followed = shows(image, shown.prompt());
        return switch (info.scoring().kind()) {
          case CLIP_CLASSIFIER -> new Scores(fits(image, info.scoring().labelPrompts()), null);
          case CLIP_SCORE -> new Scores(fits(image, List.of(shown.prompt())), null);
          case CELEBRITY ->
              Sightings.scores(
                  seed(image) % 4 == 3
                      ? Sighting.FACELESS
                      : new Sighting(1, followed ? shown.subject() : "Nobody", 0.75),
                  shown.subject());
          case NUDENET ->
              new Scores(
                  info.labels().names().stream()
                      .map(part -> followed && part.equals("belly_exposed") ? 1.0 : 0.0)
                      .toList(),
                  null);
        };
      }

      @Override
      public void close() {}
    };
  }

  /** The real one: there is none that is smaller than its network. */
  @Override
  public FidScorer fid(Path network, Path reference) {
    measuredWith.add(network);
    return Scorers.fid(network, reference, Resizing.CLEAN, Scorers.compute("cpu"));
  }

  /** The seed of an image, modulo 256: all bytes but the first two are 7 times it. */
  private static int seed(Image image) {
    return image.rgb()[2] * 183 & 255;
  }

  private static List<Double> fits(Image image, List<String> texts) {
    return texts.stream().map(text -> shows(image, text) ? 30.0 : 20.0).toList();
  }

  private static boolean shows(Image image, String prompt) {
    return image.rgb()[0] == (byte) prompt.hashCode()
        && image.rgb()[1] == (byte) (prompt.hashCode() >> 8);
  }
}
