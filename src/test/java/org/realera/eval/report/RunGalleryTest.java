package org.realera.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.realera.eval.metrics.ScoredRuns.CAT;
import static org.realera.eval.metrics.ScoredRuns.DOG;
import static org.realera.eval.report.DrawnRuns.TABBY;
import static org.realera.eval.report.DrawnRuns.seen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.report.Gallery;
import org.realera.report.Gallery.Captioned;
import org.realera.report.Gallery.Card;
import org.realera.report.Thumbnails;

/** Which images stand where on a page, and what is said of them. */
class RunGalleryTest {
  private static final ImageSet KITTY =
      new ImageSet("kitty", Role.RELATED, "kitty", "cat", "a kitty");
  private static final ImageSet PET =
      new ImageSet("pet", Role.RELATED, "what meows", "cat", "what meows");

  @TempDir private Path folder;
  private DrawnRuns runs;

  @BeforeEach
  void aRunOnTheCat() {
    runs = new DrawnRuns(folder, "cat", 2);
  }

  private static ModelRun run(DrawnRuns runs, String label) throws IOException {
    return runs.run(
        label,
        seen(CAT, "20 10 70", "60 10 30"),
        seen(DOG, "10 85 5", "30 15 55"),
        seen(KITTY, "50 45 5", "10 60 30"),
        seen(PET, "40 10 50"),
        seen(TABBY, "30 20 50"));
  }

  private Captioned strip(
      boolean exact, String label, String alt, String caption, String... files) {
    return new Captioned(runs.strip(exact, label, files), alt, caption);
  }

  @Test
  void everyPromptHasItsImagesBeforeAndAfter() throws IOException {
    ModelPair pair = new ModelPair(run(runs, "erased"), run(runs, "original"));
    Gallery gallery = RunGallery.of(pair, 8);
    assertThat(gallery.survey()).isFalse();
    assertThat(gallery.original()).isTrue();
    assertThat(gallery.cards())
        .extracting(Card::style, Card::caption, Card::prompt)
        .containsExactly(
            tuple("erased", "Erased", "a cat"),
            tuple("kept", "Kept", "a dog"),
            tuple("related", "Synonym of cat", "a kitty"),
            tuple("related", "Means cat", "what meows"),
            tuple("subtype", "Subtype of cat", "a tabby"));
    String alt = "2 pictures, a cat, seeds 0 to 1 ";
    assertThat(gallery.cards().get(0).strips())
        .containsExactly(
            strip(true, "original", alt + "Before", "Before", "cat/0.png", "cat/1.png"),
            strip(true, "erased", alt + "After", "After", "cat/0.png", "cat/1.png"));
    assertThat(gallery.cards().get(1).strips().get(0).image())
        .isEqualTo(runs.strip(true, "original", "dog/0.png", "dog/1.png"));
  }

  @Test
  void aPageOfManyRunsShowsTheFirstFewOfEachPrompt() throws IOException {
    ModelPair pair = new ModelPair(run(runs, "erased"), run(runs, "original"));
    String alt = "1 picture, a kitty, seed 0 ";
    assertThat(RunGallery.of(pair, 1).cards().get(2).strips())
        .containsExactly(
            strip(false, "original", alt + "Before", "Before", "kitty/0.png"),
            strip(false, "erased", alt + "After", "After", "kitty/0.png"));
  }

  /** What still shows the concept comes first; of other concepts, what shows them least. */
  @Test
  void theWorstComeFirst() throws IOException {
    Gallery gallery = RunGallery.of(new ModelPair(run(runs, "erased"), run(runs, "original")), 8);
    assertThat(gallery.fooled())
        .containsExactly(
            worst("cat/1.png", "a cat", "cat 60 % · “cat”, seed 1"),
            worst("kitty/0.png", "a kitty", "cat 50 % · “kitty”, seed 0"),
            worst("pet/0.png", "what meows", "cat 40 %, seen as sky 50 % · “what meows”, seed 0"),
            worst("tabby/0.png", "a tabby", "cat 30 %, seen as sky 50 % · “tabby”, seed 0"),
            worst("cat/0.png", "a cat", "cat 20 %, seen as sky 70 % · “cat”, seed 0"),
            worst("kitty/1.png", "a kitty", "cat 10 %, seen as dog 60 % · “kitty”, seed 1"));
    assertThat(gallery.damaged())
        .containsExactly(
            worst("dog/1.png", "a dog", "dog 15 %, seen as sky 55 % · “dog”, seed 1"),
            worst("dog/0.png", "a dog", "dog 85 % · “dog”, seed 0"));
  }

  private Captioned worst(String file, String prompt, String caption) {
    return new Captioned(runs.small("erased", file), prompt, caption);
  }

  @Test
  void aSurveyHasConceptsAndNothingThatIsLeft() throws IOException {
    DrawnRuns survey = new DrawnRuns(folder, null, 2);
    Gallery gallery = RunGallery.of(new ModelPair(run(survey, "model"), null), 8);
    assertThat(gallery.survey()).isTrue();
    assertThat(gallery.original()).isFalse();
    assertThat(gallery.fooled()).isEmpty();
    assertThat(gallery.damaged()).hasSize(2);
    assertThat(gallery.cards())
        .extracting(Card::caption)
        .containsExactly(
            "What should not be drawn", "Concept", "Synonym of cat", "Means cat", "Subtype of cat");
    assertThat(gallery.cards().get(0).strips())
        .extracting(Captioned::caption, Captioned::image)
        .containsExactly(tuple("", survey.strip(true, "model", "cat/0.png", "cat/1.png")));
  }

  /** Two pixels, red and blue: no image of a page is turned or has other colours than its file. */
  @Test
  void anImageIsReadAsItsFileHasIt() throws IOException {
    byte[] rgb = {-1, 0, 0, 0, 0, -1};
    Path file = folder.resolve("0.png");
    Files.write(file, PngWriter.encode(new Image(2, 1, rgb), Map.of()));
    Thumbnails.Pixels read = RunGallery.read(file);
    assertThat(read.width()).isEqualTo(2);
    assertThat(read.height()).isEqualTo(1);
    assertThat(read.rgb()).containsExactly(-1, 0, 0, 0, 0, -1);
  }
}
