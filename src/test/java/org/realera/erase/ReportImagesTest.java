package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.ReportSettings;
import org.realera.config.ReportSettings.Pictures;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.golden.Spoiled;
import org.realera.method.Stage;
import org.realera.report.Thumbnails;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/** Which images a report has, and whose. */
class ReportImagesTest {
  private static final List<String> WORDS =
      List.of(
          "house", "book", "family", "friday", "birthday", "ball", "city", "black", "beautiful");

  @TempDir Path root;

  @Test
  void ofManyConceptsTheFirstEightAreDrawnAndTheReportSaysSo() throws IOException {
    String log = erase(9);
    String html = Files.readString(root.resolve("9/report.html"));
    for (String word : WORDS.subList(0, 8)) {
      assertThat(html).contains("<p class=\"role\">Erased</p><h3>a photo of the " + word + "</h3>");
    }
    assertThat(html)
        .doesNotContain("<h3>a photo of the beautiful</h3>")
        .contains(
            "Of 9 concepts the first 8 are shown: to see another, run realera generate with this"
                + " folder as --model and a --prompt such as “a photo of the beautiful”.");
    assertThat(log).endsWith(" prompts, for the first 8 of 9 concepts");
  }

  @Test
  void eightConceptsAreAllDrawnAndNothingIsSaidOfOthers() throws IOException {
    String log = erase(8);
    assertThat(Files.readString(root.resolve("8/report.html")))
        .contains("<p class=\"role\">Erased</p><h3>a photo of the black</h3>")
        .contains(">Same prompts, same seeds; only the model differs.</p>");
    assertThat(log).endsWith(" prompts");
  }

  /**
   * Else the report would praise an erasure for what the original draws, or the other way round.
   */
  @Test
  void beforeIsWhatTheOriginalDrawsAndAfterWhatTheWrittenModelDraws() throws IOException {
    EraseRecipe recipe =
        TinyModel.recipe()
            .with("alignment.enabled", false)
            .with("seed", 3)
            .with(
                "report", new ReportSettings(Pictures.ALWAYS, 2, 2, 4, List.of(), List.of("book")));
    List<DrawnWord> drawn = new ArrayList<>();
    Path out = root.resolve("out");
    TinyRuns.run(
        TinyModel.request(recipe, out)
            .reviewedBy(
                images -> {
                  drawn.addAll(images);
                  return null;
                }));
    String html = Files.readString(out.resolve("report.html"));
    for (DrawnWord word : List.of(drawn.get(0), drawn.get(drawn.size() - 1))) {
      String prompt = "a photo of the " + word.word();
      List<Image> before = generated(TinyModel.FOLDER, prompt);
      List<Image> after = generated(out, prompt);
      for (int i = 0; i < 2; i++) {
        assertThat(apart(before.get(i), after.get(i))).isGreaterThan(20);
        assertThat(apart(word.before().get(i), before.get(i))).isLessThan(3);
        assertThat(apart(word.after().get(i), after.get(i))).isLessThan(3);
      }
      assertThat(shown(html, prompt + ", before")).isEqualTo(uris(word.before()));
      assertThat(shown(html, prompt + ", after")).isEqualTo(uris(word.after()));
    }
    assertThat(drawn).extracting(DrawnWord::word).startsWith("house").endsWith("book");
  }

  /** What a model draws by itself from seeds 3 and 4. */
  private static List<Image> generated(Path model, String prompt) {
    Checkpoint checkpoint = Checkpoint.open(model);
    int size = Pipeline.nativeSize(checkpoint);
    List<ImageRequest> requests =
        List.of(
            new ImageRequest(prompt, "", 3, 2, 4, size, size),
            new ImageRequest(prompt, "", 4, 2, 4, size, size));
    try (Pipeline pipeline = Pipeline.load(checkpoint, Engine.compute("cpu", "fp32"), note -> {})) {
      return pipeline.sampler().sample(requests, Edits.NONE, done -> {});
    }
  }

  /** The largest difference of two pixels: images drawn with others round differently. */
  private static int apart(Image one, Image other) {
    int apart = 0;
    for (int i = 0; i < one.rgb().length; i++) {
      apart = Math.max(apart, Math.abs((one.rgb()[i] & 0xff) - (other.rgb()[i] & 0xff)));
    }
    return apart;
  }

  private static List<String> uris(List<Image> images) {
    return images.stream()
        .map(one -> Thumbnails.of(one.width(), one.height(), one.rgb()).uri())
        .toList();
  }

  /** The page's images that are called so. */
  private static List<String> shown(String html, String alt) {
    return Pattern.compile("<img alt=\"" + alt + "\"[^>]* src=\"([^\"]+)\"")
        .matcher(html)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** A grey image without the concept would pass for a perfect erasure. */
  @Test
  void ofModelsThatDrawNothingTheLogSaysSo() {
    Path broken = Spoiled.copy("tiny-sd", root.resolve("broken"));
    Path vae = broken.resolve("vae/diffusion_pytorch_model.safetensors");
    Spoiled.tensor(vae, "decoder.conv_out.weight", number -> 0f);
    EraseRecipe recipe =
        TinyModel.recipe()
            .with("alignment.enabled", false)
            .with(
                "report", new ReportSettings(Pictures.ALWAYS, 1, 1, 2, List.of(), List.of("book")));
    EraseRequest request =
        new EraseRequest(
            new ModelRef("broken", broken),
            recipe,
            root.resolve("out"),
            ComputeChoice.of("cpu", "fp32"),
            false,
            false);
    List<String> notes = new ArrayList<>();
    Progress listener =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Erasure.run(request, listener, TinyRuns.CACHE);
    String finding =
        "model each of the \\d+ pictures is of one colour, as a broken model draws them";
    assertThat(notes)
        .filteredOn(note -> note.contains("of one colour"))
        .satisfiesExactly(
            note -> assertThat(note).matches("of the original " + finding),
            note -> assertThat(note).matches("of the edited " + finding));
  }

  /** What the log says of the images. */
  private String erase(int concepts) {
    EraseRecipe tiny = TinyModel.recipe();
    EraseRecipe recipe =
        tiny.with(
                "concepts",
                WORDS.stream()
                    .limit(concepts)
                    .map(word -> new ConceptPair(word, "a game"))
                    .toList())
            .with("alignment.enabled", false)
            .with(
                "report",
                new ReportSettings(Pictures.ALWAYS, 1, 1, 2, List.of(), List.of("morning")));
    EraseRequest request = TinyModel.request(recipe, root.resolve(String.valueOf(concepts)));
    return String.valueOf(TinyRuns.run(request).summaries().get(Stage.IMAGES));
  }
}
