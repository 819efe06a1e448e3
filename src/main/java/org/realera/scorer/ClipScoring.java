package org.realera.scorer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngReader;
import org.realera.scorer.clip.ClipScore;
import org.realera.scorer.clip.ClipScorer;

/** The CLIP score of each picture with its prompt, and their mean. */
final class ClipScoring implements PictureScorer {
  private final ClipScorer scorer;
  private final @Nullable String prompt;
  private final List<Double> scores = new ArrayList<>();

  ClipScoring(ClipScorer scorer, @Nullable String prompt) {
    this.scorer = scorer;
    this.prompt = prompt;
  }

  @Override
  public List<String> columns() {
    return List.of("prompt", "clip_score");
  }

  @Override
  public List<String> score(Path file, Image picture) {
    String text = prompt == null ? PngReader.text(file, "prompt") : prompt;
    if (text == null) {
      throw RealeraException.damaged(
          file + " holds no prompt, so there is nothing to compare it with",
          "give the prompt with --prompt, or score PNGs that realera drew");
    }
    double score = ClipScore.clipped(scorer.score(picture, text));
    scores.add(score);
    return List.of(text, String.valueOf((float) score));
  }

  @Override
  public Map<String, Object> totals() {
    return Map.of(
        "clip_score", scores.stream().mapToDouble(Double::doubleValue).average().orElse(0));
  }

  @Override
  public void close() {
    scorer.close();
  }
}
