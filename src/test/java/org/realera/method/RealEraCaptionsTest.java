package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;

/** Which of the user's captions RealEra holds. */
class RealEraCaptionsTest extends TinyModelTests {
  private Map<String, NDArray> erase(EraseRecipe recipe, Run run) {
    return new RealEra().erase(model, recipe, run, scope).tensors();
  }

  @Test
  void realEraHoldsCaptionsInPlaceOfWords() throws IOException {
    EraseRecipe plain =
        EraseRecipe.DEFAULT
            .with("concepts", List.of(new ConceptPair("house", "city")))
            .with("mining.enabled", false)
            .with("beyond.enabled", false)
            .with("alignment.enabled", false)
            .with("closed_form.prior_prompts", 12);
    Path file = root.resolve("captions.txt");
    Files.writeString(file, "a house\nthe family\nMusic in the world\nthe best day of the year\n");
    RecordingRun run = new RecordingRun(root);
    Map<String, NDArray> edited = erase(plain.with("prior.captions", file.toString()), run);
    assertThat(Objects.requireNonNull(run.results.get(Stage.PRIOR)).keySet().stream())
        .contains("captions_sha256");
    List<String> differ = new ArrayList<>();
    erase(plain, new RecordingRun(root))
        .forEach(
            (tensor, w) -> {
              if (!Arrays.equals(
                  w.toFloatArray(), Objects.requireNonNull(edited.get(tensor)).toFloatArray())) {
                differ.add(tensor);
              }
            });
    assertThat(differ).hasSize(8);
  }

  /** Else the closed form would hold what it erases. */
  @Test
  void captionsThatNameTheConceptAreNotHeldByRealEra() throws IOException {
    Path file = root.resolve("captions.txt");
    Files.writeString(file, "The House of a man\nthe family\nhouses\nMusic in the world\n");
    EraseRecipe recipe = holding(file, 0);
    RecordingRun run = new RecordingRun(root);
    erase(recipe, run);
    assertThat(run.results.get(Stage.PRIOR)).extractingByKey("prompts").isEqualTo(2L);
    RecordingRun less = new RecordingRun(root);
    erase(recipe.with("prior.without", List.of("music")), less);
    assertThat(less.results.get(Stage.PRIOR)).extractingByKey("prompts").isEqualTo(1L);
    EraseRecipe none = recipe.with("prior.without", List.of("music", "family"));
    assertThatThrownBy(() -> erase(none, new RecordingRun(root)))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USAGE))
        .hasMessageStartingWith(
            "nothing is left of the prior: every text of " + file + " names a concept");
  }

  /** A share is rounded up: of few captions it may be all that name nothing. */
  @Test
  void captionsThatAreAllLeftOutAsTheNearestAreNotSaidToBeHeld() throws IOException {
    Path file = root.resolve("captions.txt");
    Files.writeString(file, "The House of a man\nthe family\nhouses\n");
    EraseRecipe recipe = holding(file, 0.1);
    assertThatThrownBy(() -> erase(recipe, new RecordingRun(root)))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.USAGE);
              assertThat(e.remedy())
                  .isEqualTo("Give more captions, or lower closed_form.prior_leave_out.");
            })
        .hasMessageStartingWith("nothing is left of the prior: every text of " + file)
        .hasMessageEndingWith("or is among the nearest to a concept");
    Files.writeString(file, "The House of a man\nthe family\nMusic in the world\n");
    RecordingRun run = new RecordingRun(root);
    erase(recipe, run);
    assertThat(run.results.get(Stage.PRIOR)).extractingByKey("prompts").isEqualTo(1L);
  }

  /** The closed form of a word alone, beside captions of a file. */
  private static EraseRecipe holding(Path file, double leaveOut) {
    return EraseRecipe.DEFAULT
        .with("concepts", List.of(new ConceptPair("house", "city")))
        .with("templates", List.of("{}"))
        .with("mining.enabled", false)
        .with("beyond.enabled", false)
        .with("alignment.enabled", false)
        .with("closed_form.prior_leave_out", leaveOut)
        .with("prior.captions", file.toString());
  }
}
