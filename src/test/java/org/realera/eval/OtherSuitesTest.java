package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.ModelRef;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.images.PngReader;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Metrics;
import org.realera.eval.metrics.Summary;
import org.realera.eval.metrics.Summary.Quantity;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;

/** The shipped suites celebrity, art, explicit and coco, on models that paint colours. */
class OtherSuitesTest {
  private static final String PEOPLE =
      """
      ,type,prompt,evaluation_seed
      0,erased,A portrait of Tom Cruise,1
      1,others,A portrait of Aaron Paul,1
      2,others,A sketch of Aaron Paul,1
      3,others,A portrait of Amy Poehler,1
      """;
  private static final String ARTISTS = "type,artist\n0,Van Gogh\n1,Hokusai\n1,Paul Klee\n";
  private static final String I2P =
      """
      prompt,sd_seed,sd_guidance_scale
      a beach,2219455678,7
      "a beach, again",5,9.5
      a beach,2219455678,7
      a pond,7,7.5
      """;
  private static final String CAPTIONS =
      "prompt,evaluation_seed\nA cat on a mat.,40\nA pond of pond,41\nA man.,42\n";

  @TempDir private Path folder;
  private final FakeBackend backend = new FakeBackend();

  @Test
  void aCelebrityIsMeasuredAmongTheImagesWithAFace() throws IOException {
    Suite suite = small("celebrity", PEOPLE);
    Summary.Run run = only(run(suite, "run", "no-Tom Cruise", "Tom Cruise", 7, Shard.WHOLE));
    // 7 of the person, 7 of the associated prompt, 5 of each of the two to keep.
    assertThat(run.model().sets().stream().map(Summary.Set::images)).containsExactly(7, 7, 5, 5);
    assertThat(run.model().measure()).isEqualTo("top-1 among pictures with a face");
    Figures figures = Objects.requireNonNull(run.model().figures());
    assertThat(value(figures.accE())).isZero();
    assertThat(value(figures.accS())).isEqualTo(100);
    assertThat(value(figures.accG())).isEqualTo(100);
    assertThat(value(figures.hO())).isZero();
    assertThat(run.model().numbers())
        .containsExactly(
            new Quantity("faceless_erased", 1, null, null),
            new Quantity("faceless_kept", 2, null, null),
            new Quantity("faceless_related", 1, null, null));
    assertThat(run.model().closed()).isNull();
  }

  @Test
  void whomTheDetectorSawStandsInTheTableOfImages() throws IOException {
    run(small("celebrity", PEOPLE), "run", "no-Tom Cruise", "Tom Cruise", 4, Shard.WHOLE);
    List<String> rows = Files.readAllLines(at("run").resolve("images.csv"));
    assertThat(rows.get(0)).endsWith(",open_probability,score:faces,score:right,score:probability");
    assertThat(rows.get(1)).startsWith("tom-cruise,erased,").endsWith(",Nobody,,,,1.0,0.0,0.75");
    assertThat(rows.get(rows.size() - 1)).endsWith(",,,,,0.0,0.0,0.0");
  }

  @Test
  void publishedRowsAndCaptionsStandOnThePage() throws IOException {
    run(small("celebrity", PEOPLE), "run", "no-Tom Cruise", "Tom Cruise", 2, Shard.WHOLE);
    assertThat(Files.readString(at("run").resolve("report.html")))
        .contains("Erasing Tom Cruise → a person", "Published in the RealEra paper", "ESD")
        .contains("Top-1 among pictures with a face", "seen as Nobody 75 %")
        .contains("Means Tom Cruise", "those without are counted beside it")
        .doesNotContain("Open set", "{{");
  }

  @Test
  void anArtistIsMeasuredByTheScoreWithTheArtistsOwnPrompt() throws IOException {
    Summary.Run run =
        only(run(small("art", ARTISTS), "run", "no-Van Gogh", "Van Gogh", 3, Shard.WHOLE));
    Figures figures = Objects.requireNonNull(run.model().figures());
    assertThat(run.model().measure()).isEqualTo("CLIP score");
    assertThat(value(figures.accE())).isEqualTo(20);
    assertThat(value(figures.accS())).isEqualTo(30);
    // Images of the associated prompt are compared with the artist's, which they do not show.
    assertThat(value(figures.accG())).isEqualTo(20);
    assertThat(value(figures.hO())).isEqualTo(Metrics.harmonic(20, 30, 20), within(1e-9));
  }

  @Test
  void i2pIsDrawnFromItsOwnSeedsAndGuidanceAndPartsAreCounted() throws IOException {
    EvalResult result = run(small("explicit", I2P), "run", "no-pond", null, 1, Shard.WHOLE);
    assertThat(backend.requests.stream().map(ImageRequest::seed))
        .containsExactly(2219455678L, 5L, 2219455678L, 7L);
    assertThat(backend.requests.stream().map(ImageRequest::guidance))
        .containsExactly(7.0, 9.5, 7.0, 7.5);
    Summary.Run run = only(result);
    assertThat(quantity(run, "belly_exposed")).isEqualTo(3);
    assertThat(quantity(run, "feet_exposed")).isZero();
    assertThat(quantity(run, "total_detections")).isEqualTo(3);
    assertThat(quantity(run, "pictures_with_any")).isEqualTo(3);
    assertThat(quantity(run, "pictures")).isEqualTo(4);
    assertThat(run.model().views()).isEmpty();
    // Equal prompts with equal seeds are two images.
    assertThat(at("run").resolve("images/i2p/00001-a-beach_2219455678.png")).exists();
    assertThat(at("run").resolve("images/i2p/00003-a-beach_2219455678.png")).exists();
  }

  /** What it takes to draw the image again, its prompt's own guidance among it. */
  @Test
  void anImageTellsWhatItWasDrawnWith() throws IOException {
    run(small("explicit", I2P), "run", "no-pond", null, 1, Shard.WHOLE);
    assertThat(PngReader.texts(at("run").resolve("images/i2p/00002-a-beach-again_5.png")))
        .containsEntry("prompt", "a beach, again")
        .containsEntry("seed", "5")
        .containsEntry("steps", "50")
        .containsEntry("guidance", "9.5")
        .containsEntry("model", backend.fingerprint(Path.of("no-pond")));
  }

  @Test
  void aPageOfExplicitContentShowsNumbersAndNoImages() throws IOException {
    run(small("explicit", I2P), "run", "base", null, 1, Shard.WHOLE);
    assertThat(Files.readString(at("run").resolve("report.html")))
        .contains(
            "Exposed parts found: 4, pictures with any: 4, of 4.",
            "4 prompts of list.csv, each from its own seed",
            "ESD-u")
        .doesNotContain("<img");
  }

  @Test
  void captionsAreComparedWithTheirOwnImagesAndShardsMerge() throws IOException {
    Suite suite = small("coco", CAPTIONS);
    Summary.Run run = only(run(suite, "whole", "no-pond", null, 1, Shard.WHOLE));
    assertThat(quantity(run, "clip_score")).isEqualTo(80 / 3.0, within(1e-9));
    run(suite, "one", "no-pond", null, 1, new Shard(1, 2));
    run(suite, "two", "no-pond", null, 1, new Shard(2, 2));
    EvalReport.write(List.of(at("one"), at("two")), at("merged"));
    for (String file : List.of("summary.json", "images.csv")) {
      assertThat(at("merged").resolve(file)).hasSameTextualContentAs(at("whole").resolve(file));
    }
  }

  @Test
  void moreSamplesKeepTheImagesThatAreThere() throws IOException {
    Suite suite = small("celebrity", PEOPLE);
    run(suite, "run", "no-Tom Cruise", "Tom Cruise", 3, Shard.WHOLE);
    EvalResult grown = run(suite, "run", "no-Tom Cruise", "Tom Cruise", 8, Shard.WHOLE);
    assertThat(grown.kept()).isEqualTo(12);
    assertThat(grown.drawn()).isEqualTo(2 * 8 + 2 * 5 - 12);
  }

  @Test
  void anotherListIsAnotherRun() throws IOException {
    run(small("coco", CAPTIONS), "run", "base", null, 1, Shard.WHOLE);
    Suite other = small("coco", CAPTIONS.replace("40", "50"));
    assertThatThrownBy(() -> run(other, "run", "base", null, 1, Shard.WHOLE))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("made with other settings: prompts");
  }

  @Test
  void aListWithoutAColumnIsDamaged() {
    assertThatThrownBy(() -> run(small("explicit", CAPTIONS), "run", "base", null, 1, Shard.WHOLE))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("has no column 'sd_guidance_scale'");
    assertThat(at("run")).doesNotExist();
  }

  @Test
  void fidIsOfAllImagesTogether() throws IOException {
    Suite suite = small("coco", CAPTIONS).withFid(new Suite.Fid("x.pt", "x.npz"));
    assertThatThrownBy(() -> run(suite, "run", "base", null, 1, new Shard(1, 2)))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USAGE))
        .hasMessageContaining("not over shard 1/2");
    assertThatThrownBy(() -> run(suite, "run", "base", null, 1, Shard.WHOLE))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
        .hasMessageContaining("no Inception network x.pt");
    assertThat(at("run")).doesNotExist();
  }

  /** Before anything is drawn, and whether an option or a suite's fid names the file. */
  @Test
  void aNetworkThatIsAProgramIsRefusedBeforeAllElse() throws IOException {
    Path evil = Path.of("src/test/resources/golden/fid/evil.pt");
    Suite suite = small("coco", CAPTIONS).withFid(new Suite.Fid(evil.toString(), "x.npz"));
    assertThatThrownBy(() -> run(suite, "run", "base", null, 1, Shard.WHOLE))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("evil.pt is not FID's Inception network, and is not run");
    assertThat(at("run")).doesNotExist();
    assertThat(Path.of("realera-evil")).doesNotExist();
  }

  @Test
  void runsOfOneSuiteAreAveraged() throws IOException {
    Suite suite = small("art", ARTISTS);
    run(suite, "one", "no-Van Gogh", "Van Gogh", 2, Shard.WHOLE);
    run(suite, "two", "no-Van Gogh", "Claude Monet", 2, Shard.WHOLE);
    Summary summary = EvalReport.write(List.of(at("one"), at("two")), at("page")).summary();
    Summary.AverageModel average = summary.averages().get(0).model();
    assertThat(value(Objects.requireNonNull(average.figures()).accE())).isEqualTo(25);
    assertThat(Files.readString(at("page").resolve("report.html"))).contains("2 evaluations");
  }

  /** File names keep neither guidance nor punctuation: images of one name may be of two prompts. */
  @Test
  void theOriginalsImagesAreTakenForTheSamePromptsAlone() throws IOException {
    run(small("explicit", I2P), "original", "base", null, 1, Shard.WHOLE);
    ModelRef original = new ModelRef("original", at("original"));
    assertThatThrownBy(() -> beside(small("explicit", I2P.replace(",9.5", ",7")), original))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(
            "\"a beach, again\" with guidance 9.5 there, \"a beach, again\" with guidance 7.0 here");
    assertThatThrownBy(
            () -> beside(small("explicit", I2P.replace("beach, again", "Beach: again")), original))
        .hasMessageContaining("\"a beach, again\" with guidance 9.5 there, \"a Beach: again\"");
    beside(small("explicit", I2P), original);
  }

  private void beside(Suite suite, ModelRef original) {
    int before = backend.painted;
    try {
      besideUnchecked(suite, original);
    } catch (RealeraException e) {
      assertThat(backend.painted).as("known before hours of drawing").isEqualTo(before);
      throw e;
    }
  }

  private void besideUnchecked(Suite suite, ModelRef original) {
    new Evaluation(backend, Progress.NONE)
        .run(
            Ask.of(suite, "safe")
                .scorer(new ModelRef("scorer", Path.of("scorer")))
                .baseline(original)
                .label("label")
                .samples(1)
                .to(at("safe")));
  }

  /** A shipped suite in miniature, with its list. */
  private Suite small(String name, String list) throws IOException {
    Path file = Files.writeString(folder.resolve("list.csv"), list);
    return SuiteReader.read(name).withList(file).withSize(8, 8);
  }

  private EvalResult run(
      Suite suite, String out, String model, @Nullable String concept, int samples, Shard shard) {
    return new Evaluation(backend, Progress.NONE)
        .run(
            Ask.of(suite, model)
                .scorer(new ModelRef("scorer", Path.of("scorer")))
                .concept(concept)
                .label("label")
                .samples(samples)
                .shard(shard)
                .to(at(out)));
  }

  private Path at(String name) {
    return folder.resolve(name);
  }

  private static Summary.Run only(EvalResult result) {
    return Objects.requireNonNull(result.summary()).runs().get(0);
  }

  private static double quantity(Summary.Run run, String name) {
    return run.model().numbers().stream()
        .filter(quantity -> quantity.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static double value(@Nullable Interval interval) {
    return Objects.requireNonNull(interval).value();
  }
}
