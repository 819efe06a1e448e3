package org.realera.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.realera.diffusion.Picture;
import org.realera.diffusion.SamplingRequest;

/**
 * A model that paints its prompt as a colour, and a scorer that recognises the colour. A folder
 * called {@code no-WORD} paints the sky for that word.
 */
final class FakeBackend implements EvalBackend {
  int painted;
  int failAfter = Integer.MAX_VALUE;

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
      public List<Picture> paint(List<SamplingRequest> batch) {
        List<Picture> pictures = new ArrayList<>();
        for (SamplingRequest request : batch) {
          if (painted++ >= failAfter) {
            throw new IllegalStateException("killed");
          }
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

  private static Picture colour(String prompt, long seed, int size) {
    byte[] rgb = new byte[3 * size * size];
    Arrays.fill(rgb, (byte) (seed * 7));
    rgb[0] = (byte) prompt.hashCode();
    rgb[1] = (byte) (prompt.hashCode() >> 8);
    return new Picture(size, size, rgb);
  }

  @Override
  public ImageScorer scorer(Path scorer, List<String> texts) {
    return new ImageScorer() {
      @Override
      public List<List<Float>> score(List<Picture> pictures) {
        return pictures.stream().map(this::one).toList();
      }

      private List<Float> one(Picture picture) {
        return texts.stream()
            .map(
                text ->
                    picture.rgb()[0] == (byte) text.hashCode()
                            && picture.rgb()[1] == (byte) (text.hashCode() >> 8)
                        ? 30f
                        : 20f)
            .toList();
      }

      @Override
      public void close() {}
    };
  }
}
