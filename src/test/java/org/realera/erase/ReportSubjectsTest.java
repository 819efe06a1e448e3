package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.checkpoint.Checkpoint;
import org.realera.concept.Concept;
import org.realera.concept.NearbyWords;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.config.ReportSettings;
import org.realera.config.ReportSettings.Pictures;
import org.realera.erase.ReportImages.Subject;
import org.realera.report.EraseReport.Role;
import org.realera.safetensors.DType;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Engine;
import org.realera.tensor.Precision;
import org.realera.text.TextModel;

/** Which words a report shows, and whether it has images. */
class ReportSubjectsTest {
  private static final EraseRecipe RECIPE =
      EraseRecipe.DEFAULT.with("concepts", List.of(new ConceptPair("house", "the city")));

  private static List<Subject> subjects(EraseRecipe recipe) {
    Checkpoint model = Checkpoint.open(TinyModel.FOLDER);
    try (TextModel text = TextModel.load(model, Engine.compute("cpu", "fp32"));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<Concept> concepts =
          Concept.embed(recipe.concepts(), recipe.templates().subList(0, 1), text, scope);
      return ReportImages.choose(recipe, concepts, new NearbyWords(text));
    }
  }

  private static List<String> words(List<Subject> subjects, Role role) {
    return subjects.stream().filter(one -> one.role() == role).map(Subject::word).toList();
  }

  private static List<Double> cosines(List<Subject> subjects, Role role) {
    return subjects.stream()
        .filter(one -> one.role() == role)
        .map(one -> Double.valueOf(one.note().replace("cosine ", "")))
        .toList();
  }

  /** What was to be preserved comes first; concept and anchor are no words that should stay. */
  @Test
  void twoConceptsThatShouldStayAreShown() {
    ReportSettings report =
        new ReportSettings(
            Pictures.ALWAYS,
            1,
            1,
            2,
            List.of("ball"),
            List.of("House", "THE CITY", "book", "game"));
    List<Subject> subjects =
        subjects(RECIPE.with("report", report).with("preserve", List.of("family")));
    assertThat(words(subjects, Role.ERASED)).containsExactly("house");
    assertThat(words(subjects, Role.NEIGHBOR)).containsExactly("ball");
    assertThat(words(subjects, Role.KEPT)).containsExactly("family", "book");
    assertThat(subjects)
        .extracting(Subject::prompt)
        .containsExactly(
            "a photo of the house",
            "a photo of the ball",
            "a photo of the family",
            "a photo of the book");
    assertThat(subjects.get(0).note()).isEmpty();
  }

  @Test
  void ofOneConceptTheTwoNearestWordsAreShownThatTheMiningCallsNear() {
    List<Subject> all = subjects(RECIPE);
    assertThat(words(all, Role.NEIGHBOR)).hasSize(2);
    assertThat(cosines(all, Role.NEIGHBOR)).allMatch(cosine -> cosine > 0.97 && cosine <= 0.98);
    List<Subject> farther = subjects(RECIPE.with("mining.s1", 0.97));
    assertThat(words(farther, Role.NEIGHBOR)).hasSize(2);
    assertThat(cosines(farther, Role.NEIGHBOR)).allMatch(cosine -> cosine > 0.9 && cosine <= 0.97);
    EraseRecipe uce =
        RecipeReader.builtIn("object", MethodName.UCE, List.of())
            .with("concepts", RECIPE.concepts());
    assertThat(subjects(uce)).isEqualTo(all);
  }

  @Test
  void ofSeveralConceptsEachHasOneNeighborOfItsOwn() {
    List<ConceptPair> two =
        List.of(new ConceptPair("house", "the city"), new ConceptPair("book", "a game"));
    List<Subject> subjects = subjects(RECIPE.with("concepts", two));
    assertThat(subjects)
        .extracting(Subject::role)
        .containsExactly(
            Role.ERASED, Role.NEIGHBOR, Role.ERASED, Role.NEIGHBOR, Role.KEPT, Role.KEPT);
    assertThat(subjects)
        .extracting(Subject::concept)
        .containsExactly("house", "house", "book", "book", "house", "house");
  }

  /** On a CPU the U-Net of SD v1.4 takes minutes for the twenty images of a report. */
  @ParameterizedTest
  @CsvSource({
    "AUTO, 49999999, false, true",
    "AUTO, 50000000, false, false",
    "AUTO, 860000000, true, true",
    "ALWAYS, 860000000, false, true",
    "NEVER, 1, true, false"
  })
  void imagesAreDrawnWhereTheyTakeSecondsUnlessTheRecipeSaysOtherwise(
      Pictures wish, long parameters, boolean gpu, boolean drawn) {
    ReportSettings settings = new ReportSettings(wish, 1, 1, 2, List.of(), List.of());
    Compute compute = new Compute(gpu ? Device.gpu() : Device.cpu(), Precision.FP32);
    String reason = ReportImages.reasonAgainst(settings, new Sized(parameters), compute);
    assertThat(reason.isEmpty()).isEqualTo(drawn);
  }

  /** Weights of one number and of others, so many in all. */
  private record Sized(long parameters) implements Weights {
    @Override
    public SortedMap<String, TensorInfo> tensors() {
      return new TreeMap<>(
          Map.of(
              "a", new TensorInfo("a", DType.F16, List.of(1L)),
              "b", new TensorInfo("b", DType.F16, List.of(parameters - 1))));
    }

    @Override
    public NDArray read(String name, NDManager scope) {
      throw new AssertionError("nothing is read");
    }

    @Override
    public TensorSource.Stored stored(String name) {
      throw new AssertionError("nothing is read");
    }

    @Override
    public String source() {
      return "nowhere";
    }

    @Override
    public void close() {}
  }
}
