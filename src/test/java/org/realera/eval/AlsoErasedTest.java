package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.checkpoint.ModelRef;
import org.realera.eval.run.RunFiles;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;

/** What else was erased from a model does not count as kept. */
class AlsoErasedTest {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: four
          prompt: a photo of the {}
          samples: 1
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 8, height: 8}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
          concepts:
            - {name: dog, anchor: sky}
            - {name: cat, anchor: sky}
            - {name: ship, anchor: sea}
            - {name: deer, anchor: sky}
          """,
          "four");

  @TempDir private Path folder;
  private final List<String> notes = new ArrayList<>();

  private Path model(String manifest) throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.writeString(model.resolve("realera.json"), manifest);
    return model;
  }

  private List<String> kept(Path model, @Nullable String concept, @Nullable Path spm) {
    Path out = folder.resolve("run");
    EvalRequest request =
        new Ask(SUITE, new ModelRef("model", model)).concept(concept).to(out).adapted(spm);
    new Evaluation(new FakeBackend(), new Notes(notes)).run(request);
    return RunFiles.readRun(out).orElseThrow().sets().stream()
        .filter(set -> set.role() == Role.KEPT)
        .map(ImageSet::word)
        .toList();
  }

  /** Keeps what is said. */
  private record Notes(List<String> said) implements Progress {
    @Override
    public void note(String message) {
      said.add(message);
    }
  }

  private static String manifest(String concepts, String previous) {
    return "{\"model\": {\"ref\": \"m\"%s}, \"recipe\": {\"concepts\": [%s]}}"
        .formatted(previous, concepts);
  }

  @Test
  void allConceptsOfOneErasureAreNoneOfThemKept() throws IOException {
    Path model = model(manifest("{\"concept\": \"cat\"}, {\"concept\": \"Ship\"}", ""));
    assertThat(kept(model, "cat", null)).containsExactly("dog", "deer");
    assertThat(notes).contains("erased from this model, too, and not counted as kept: ship");
  }

  @Test
  void whatTheModelDoesNotNameIsTold() throws IOException {
    String four = "{\"concept\": \"%s\"}, ".repeat(6).formatted("cat", "a", "b", "c", "d", "e");
    Path model = model(manifest(four + "{\"concept\": \"cat\"}, {\"concept\": \"f\"}", ""));
    assertThat(kept(model, "dog", null)).containsExactly("ship", "deer");
    assertThat(notes)
        .contains("erased from this model, and not counted as kept: cat")
        .contains("realera.json of model does not name dog; it names cat, a, b, c, d and 2 more");
    assertThat(AlsoErased.unnamed("out/u1", model, "CAT")).isEmpty();
    assertThat(AlsoErased.unnamed("out/u1", folder, "dog")).isEmpty();

    String first = manifest("{\"concept\": \"dog\"}", "");
    model = model(manifest("{\"concept\": \"cat\"}", ", \"previous\": " + first));
    assertThat(AlsoErased.unnamed("out/u1", model, "dog")).isEmpty();
    assertThat(AlsoErased.unnamed("out/u1", model, "ship"))
        .isEqualTo("realera.json of out/u1 does not name ship; it names cat, dog");
  }

  @Test
  void neitherIsWhatWasErasedBefore() throws IOException {
    String first = manifest("{\"concept\": \"dog\"}", "");
    String second = manifest("{\"concept\": \"ship\"}", ", \"previous\": " + first);
    Path model = model(manifest("{\"concept\": \"cat\"}", ", \"previous\": " + second));
    assertThat(kept(model, "cat", null)).containsExactly("deer");
  }

  @Test
  void aSurveyMeasuresEveryWord() throws IOException {
    Path model = model(manifest("{\"concept\": \"cat\"}, {\"concept\": \"ship\"}", ""));
    assertThat(kept(model, null, null)).containsExactly("dog", "cat", "ship", "deer");
    assertThat(notes).noneMatch(note -> note.contains("erased"));
  }

  @Test
  void whatAdaptersEraseIsErased() throws IOException {
    Path spm = model(manifest("{\"concept\": \"cat\"}, {\"concept\": \"ship\"}", ""));
    Path plain = Files.createDirectories(folder.resolve("plain"));
    assertThat(kept(plain, "cat", spm)).containsExactly("dog", "deer");
    Files.writeString(spm.resolve("spm.safetensors"), "");
    assertThat(AlsoErased.of(asked(plain, spm.resolve("spm.safetensors"))).among(SUITE.sets("cat")))
        .isEqualTo("ship");
  }

  private EvalRequest asked(Path model, Path spm) {
    return new Ask(SUITE, new ModelRef("model", model))
        .concept("cat")
        .to(folder.resolve("none"))
        .adapted(spm);
  }
}
