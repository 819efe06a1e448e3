package org.realera.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.eval.run.PlannedImage;
import org.realera.eval.run.RunInfo;
import org.realera.files.Digests;
import org.realera.scorer.face.Sighting;

/**
 * A model that paints its prompt as a colour, and a scorer that recognises the colour. A folder
 * called {@code no-WORD} paints the sky for that word.
 */
final class FakeBackend implements EvalBackend {
  int painted;
  int failAfter = Integer.MAX_VALUE;
  final List<ImageRequest> requests = new ArrayList<>();

  @Override
  public String device() {
    return "cpu";
  }

  @Override
  public String dtype() {
    return "fp32";
  }

  @Override
  public String fingerprint(Path model) {
    return Digests.sha256(model.getFileName().toString());
  }

  @Override
  public String scorerFingerprint(Path scorer) {
    return Digests.sha256(scorer.getFileName().toString());
  }

  @Override
  public Painter painter(Path model) {
    String name = model.getFileName().toString();
    return new Painter() {
      @Override
      public List<Image> paint(List<ImageRequest> batch) {
        List<Image> pictures = new ArrayList<>();
        for (ImageRequest request : batch) {
          if (painted++ >= failAfter) {
            throw new IllegalStateException("killed");
          }
          requests.add(request);
          String prompt = request.prompt();
          boolean erased = name.startsWith("no-") && prompt.endsWith(name.substring(3));
          pictures.add(
              colour(erased ? "a photo of the sky" : prompt, request.seed(), request.width()));
        }
        return pictures;
      }

      @Override
      public void close() {}
    };
  }

  private static Image colour(String prompt, long seed, int size) {
    byte[] rgb = new byte[3 * size * size];
    Arrays.fill(rgb, (byte) (seed * 7));
    rgb[0] = (byte) prompt.hashCode();
    rgb[1] = (byte) (prompt.hashCode() >> 8);
    return new Image(size, size, rgb);
  }

  /**
   * Recognises colours: as labels; as the person of the prompt, in three pictures of four; as
   * fitting the subject's prompt or the picture's own; as one exposed part where a prompt was
   * followed.
   */
  @Override
  public SuiteScorer scorer(Path scorer, RunInfo info) {
    return new SuiteScorer() {
      @Override
      public List<Scores> score(List<PlannedImage> images, List<Image> pictures) {
        List<Scores> scores = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
          scores.add(one(images.get(i), pictures.get(i)));
        }
        return scores;
      }

      private Scores one(PlannedImage image, Image picture) {
        boolean followed = shows(picture, image.prompt());
        return switch (info.scoring().kind()) {
          case CLIP_CLASSIFIER -> new Scores(fits(picture, labelPrompts()), null);
          case CLIP_SCORE -> {
            String prompt = info.scoring().prompt();
            String text =
                prompt == null ? image.prompt() : prompt.replace("{}", image.set().subject());
            yield new Scores(fits(picture, List.of(text)), null);
          }
          case CELEBRITY ->
              SuiteScorers.sighting(
                  image.seed() % 4 == 3
                      ? Sighting.FACELESS
                      : new Sighting(1, followed ? image.set().subject() : "Nobody", 0.75),
                  image.set().subject());
          case NUDENET ->
              new Scores(
                  info.labels().names().stream()
                      .map(part -> followed && part.equals("belly_exposed") ? 1f : 0f)
                      .toList(),
                  null);
        };
      }

      private List<String> labelPrompts() {
        String prompt = Objects.requireNonNull(info.scoring().prompt());
        return info.labels().names().stream().map(l -> prompt.replace("{}", l)).toList();
      }

      @Override
      public void close() {}
    };
  }

  private static List<Float> fits(Image picture, List<String> texts) {
    return texts.stream().map(text -> shows(picture, text) ? 30f : 20f).toList();
  }

  private static boolean shows(Image picture, String prompt) {
    return picture.rgb()[0] == (byte) prompt.hashCode()
        && picture.rgb()[1] == (byte) (prompt.hashCode() >> 8);
  }
}
