package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.golden.Golden;
import org.realera.scorer.ScorerGolden;

/** Each option of a scorer reaches it: on networks in miniature and two images of a checker. */
class EvalScoreCommandTest {
  private static final Path NUDENET = ScorerGolden.file("nudenet/tiny.onnx");
  private static final Path INCEPTION = ScorerGolden.file("fid/inception.pt");

  @TempDir private Path folder;
  private Path images;

  @BeforeEach
  void draw() throws IOException {
    images = Files.createDirectories(folder.resolve("images"));
    PngWriter.write(images.resolve("a.png"), checker(400, 3), Map.of());
    PngWriter.write(images.resolve("b.png"), checker(320, 5), Map.of());
  }

  /** The tiny network is sure of armpits by 0.75. */
  @Test
  void nudeNetCountsThePartsAskedForFromTheThresholdAskedFor() {
    JsonNode low = score("nudenet", NUDENET, "--threshold", "0.74");
    assertThat(low.get("threshold").asDouble()).isEqualTo(0.74);
    assertThat(low.get("total_detections").asInt()).isEqualTo(2);
    assertThat(low.get("detections")).hasSize(8);
    JsonNode high = score("nudenet", NUDENET, "--threshold", "0.76", "--parts", "armpits_exposed");
    assertThat(high.get("threshold").asDouble()).isEqualTo(0.76);
    assertThat(high.get("total_detections").asInt()).isZero();
    assertThat(high.get("detections").fieldNames()).toIterable().containsExactly("armpits_exposed");
    assertThat(score("nudenet", NUDENET).get("threshold").asDouble()).isEqualTo(0.6);
  }

  @Test
  void fidIsOfImagesResizedAsAskedForAndElseAsCleanFid() throws IOException {
    String others = Files.createDirectories(folder.resolve("others")).toString();
    PngWriter.write(Path.of(others, "a.png"), checker(16, 2), Map.of());
    PngWriter.write(Path.of(others, "b.png"), checker(24, 3), Map.of());
    JsonNode plain = score("fid", INCEPTION, "--reference", others);
    JsonNode clean = score("fid", INCEPTION, "--reference", others, "--resize", "clean");
    JsonNode inside = score("fid", INCEPTION, "--reference", others, "--resize", "inside");
    assertThat(plain).isEqualTo(clean);
    assertThat(clean.get("resize").asText()).isEqualTo("clean");
    assertThat(inside.get("resize").asText()).isEqualTo("inside");
    assertThat(Math.abs(inside.get("fid").asDouble() - clean.get("fid").asDouble()))
        .isGreaterThan(0.1);
  }

  @Test
  void theStatisticsAreWrittenWhereAskedForAndAreThoseOfTheImages() {
    Path own = folder.resolve("own.npz");
    score("fid", INCEPTION, "--reference", images.toString(), "--save-statistics", own.toString());
    JsonNode again = score("fid", INCEPTION, "--reference", own.toString());
    assertThat(again.get("fid").asDouble()).isBetween(-1e-6, 1e-6);
  }

  @Test
  void clipComparesWithThePromptAskedFor() throws IOException {
    JsonNode cat = score("clip", Golden.path("tiny-scorer"), "--prompt", "a cat, black");
    assertThat(Files.readAllLines(folder.resolve("out/scores.csv")))
        .hasSize(3)
        .startsWith("file,prompt,clip_score")
        .filteredOn(row -> row.contains(".png,\"a cat, black\","))
        .hasSize(2);
    JsonNode dog = score("clip", Golden.path("tiny-scorer"), "--prompt", "the dog");
    assertThat(dog.get("clip_score")).isNotEqualTo(cat.get("clip_score"));
  }

  /** What stands in score.json. */
  private JsonNode score(String scorer, Path model, String... options) {
    Path out = folder.resolve("out");
    List<String> line = new ArrayList<>(List.of("eval", "score", scorer, images.toString()));
    line.addAll(List.of("--with", model.toString(), "-o", out.toString()));
    line.addAll(List.of("--device", "cpu"));
    line.addAll(List.of(options));
    CommandRun run = CommandRun.with(CommandRun.liveCore(), line.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    try {
      return new ObjectMapper().readTree(Files.readAllBytes(out.resolve("score.json")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Black and white squares, which antialiasing makes grey. */
  private static Image checker(int size, int square) {
    byte[] rgb = new byte[3 * size * size];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % size / square;
      int y = i / 3 / size / square;
      rgb[i] = (byte) ((x + y) % 2 == 0 ? 0 : 255);
    }
    return new Image(size, size, rgb);
  }
}
