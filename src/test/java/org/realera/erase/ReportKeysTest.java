package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.checkpoint.Checkpoint;
import org.realera.concept.Concept;
import org.realera.concept.NearbyWords;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.diffusion.Image;
import org.realera.erase.ReportImages.Subject;
import org.realera.method.Model;
import org.realera.report.EraseReport.Role;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.text.TextModel;

/** The recipe's keys for the report's images: none is ignored. */
class ReportKeysTest {
  private static final String RECIPE =
      "concepts: [{concept: house, anchor: city}]\ntemplates: [\"the {}\"]\n"
          + "report: {pictures: always, seeds: 1, steps: 1, guidance: 2, kept: [music]}\n";

  private static Model model;
  private static TextModel text;
  private static Painter painter;

  @BeforeAll
  static void open() {
    model = new Model(Checkpoint.open(TinyModel.FOLDER), Engine.compute("cpu", "fp32"));
    text = model.loadText();
    painter = new Painter(model.checkpoint(), model.unet(), model.compute(), note -> {});
  }

  @AfterAll
  static void close() {
    painter.close();
    text.close();
    model.close();
  }

  private static EraseRecipe recipe(String... settings) {
    return RecipeReader.parse("a test", RECIPE, null, List.of(settings));
  }

  /** What the original draws of the concept. */
  private static List<Image> drawn(EraseRecipe recipe) {
    Subject house = new Subject(Role.ERASED, "house", "house", "the house", "");
    return ReportImages.draw(recipe, List.of(house), painter, Edits.NONE, done -> {}, note -> {})
        .get(0)
        .before();
  }

  @ParameterizedTest
  @CsvSource({"seed=1", "report.steps=2", "report.guidance=3"})
  void imagesAreDrawnAsTheRecipeSays(String setting) {
    byte[] plain = drawn(recipe()).get(0).rgb();
    assertThat(drawn(recipe()).get(0).rgb()).isEqualTo(plain);
    assertThat(drawn(recipe(setting)).get(0).rgb()).isNotEqualTo(plain);
  }

  @Test
  void eachWordIsDrawnFromAsManySeedsAsAreAskedForBeginningWithTheRecipes() {
    List<Image> two = drawn(recipe("report.seeds=2"));
    assertThat(two).hasSize(2);
    assertThat(Arrays.equals(two.get(0).rgb(), two.get(1).rgb())).isFalse();
    assertThat(two.get(1).rgb()).isEqualTo(drawn(recipe("seed=1")).get(0).rgb());
  }

  private static List<String> shown(Role role, String... settings) {
    EraseRecipe recipe = recipe(settings);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<Concept> concepts = Concept.embed(recipe.concepts(), recipe.templates(), text, scope);
      return ReportImages.choose(recipe, concepts, new NearbyWords(text)).stream()
          .filter(subject -> subject.role() == role)
          .map(Subject::prompt)
          .toList();
    }
  }

  @Test
  void neighborsAreThoseNamedOrElseTheNearestOfTheRecipesRange() {
    assertThat(shown(Role.NEIGHBOR, "report.neighbors=[book, ball, game]"))
        .containsExactly("the book", "the ball", "the game");
    assertThat(shown(Role.NEIGHBOR, "mining.s1=0.999", "mining.s2=-1")).hasSize(2);
    assertThat(shown(Role.NEIGHBOR, "mining.s1=-0.99", "mining.s2=-1")).isEmpty();
    assertThat(shown(Role.NEIGHBOR, "mining.s1=0.999", "mining.s2=-1", "templates=[\"a {}\"]"))
        .hasSize(2)
        .allMatch(prompt -> prompt.startsWith("a "));
  }

  @Test
  void whatShouldStayIsWhatIsPreservedAndThenWhatIsNamedButNothingErased() {
    assertThat(shown(Role.KEPT)).containsExactly("the music");
    assertThat(shown(Role.KEPT, "report.kept=[House, City, book, ball, game]"))
        .containsExactly("the book", "the ball");
    assertThat(shown(Role.KEPT, "preserve=[family]", "report.kept=[book, ball]"))
        .containsExactly("the family", "the book");
  }
}
