package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.Progress;
import org.realera.checkpoint.ModelRef;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.MethodCost;
import org.realera.eval.run.RunFiles;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;

/** Only runs that were made alike are averaged and compared; in what others differ is said. */
class RunsMadeAlikeTest {
  private static final String SUITE =
      """
      name: two
      prompt: a photo of the {}
      samples: 2
      sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 8, height: 8}
      scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
      scenes: [sky]
      concepts:
        - {name: dog, synonyms: [hound], subtypes: [poodle], anchor: sky}
        - {name: cat, synonyms: [kitty], anchor: sky}
        - {name: ship, synonyms: [boat], anchor: sea}
      """;

  @TempDir private Path folder;

  private Path run(String name, String concept, String suite) {
    return run(name, concept, suite, "base");
  }

  private Path run(String name, String concept, String yaml, String original) {
    Suite suite = SuiteReader.parse(yaml, "two");
    Path out = folder.resolve(name);
    EvalRequest request =
        Ask.of(suite, "no-" + concept)
            .baseline(new ModelRef(original, Path.of(original)))
            .concept(concept)
            .label("mine")
            .to(out);
    new Evaluation(new FakeBackend(), Progress.NONE).run(request);
    return out;
  }

  private EvalReport.Findings report(Path... runs) {
    return EvalReport.write(List.of(runs), folder.resolve("page"));
  }

  private void assertNotAlike(EvalReport.Findings findings, String difference) throws IOException {
    assertThat(findings.summary().averages()).isEmpty();
    assertThat(findings.methods()).isNull();
    assertThat(String.join("\n", findings.notes())).contains("not made alike").contains(difference);
    assertThat(Files.readString(folder.resolve("page").resolve(RunFiles.REPORT)))
        .contains("These runs were not made alike");
  }

  @Test
  void conceptsOfOneSuiteWithTheirOwnAnchorsAreAlike() {
    EvalReport.Findings findings =
        report(run("cat", "cat", SUITE), run("dog", "dog", SUITE), run("ship", "ship", SUITE));
    assertThat(findings.summary().averages()).hasSize(1);
    assertThat(findings.notes())
        .containsExactly("Means over subtypes leave out what has none: cat, ship.");
  }

  /** Of the three, dog alone has subtypes: its figures over them are their mean. */
  @Test
  void subtypesAreAveragedOverTheConceptsThatHaveSome() {
    EvalReport.Findings findings = report(run("cat", "cat", SUITE), run("dog", "dog", SUITE));
    var mean = findings.summary().averages().get(0).model().views();
    var dog = findings.summary().runs().get(1).model().views();
    assertThat(mean)
        .filteredOn(view -> view.name().subtypes())
        .isNotEmpty()
        .allSatisfy(
            view ->
                assertThat(dog)
                    .anySatisfy(
                        own -> {
                          assertThat(own.name()).isEqualTo(view.name());
                          assertThat(own.figures().accG()).isEqualTo(view.figures().accG());
                        }));
  }

  @Test
  void anotherOriginalIsADifference() throws IOException {
    Path cat = run("cat", "cat", SUITE);
    Path dog = run("dog", "dog", SUITE, "no-cat");
    assertNotAlike(report(cat, dog), "Original: weights ");
  }

  @ParameterizedTest
  @CsvSource({
    "fp32, fp16, 'Computed: fp16 on '",
    "'\"tool\" : \"test\"', '\"tool\" : \"0.0.9\"', by realera 0.0.9 (mine",
  })
  void anotherPrecisionOrVersionIsADifference(String from, String to, String difference)
      throws IOException {
    Path cat = run("cat", "cat", SUITE);
    Path dog = run("dog", "dog", SUITE);
    for (Path info : List.of(dog.resolve("run.json"), dog.resolve("baseline/run.json"))) {
      String before = Files.readString(info);
      Files.writeString(info, before.replace(from, to));
      assertThat(Files.readString(info)).isNotEqualTo(before);
    }
    assertNotAlike(report(cat, dog), difference);
  }

  @ParameterizedTest
  @CsvSource({
    "'prompt: a photo of the {}', 'prompt: a picture of the {}', Prompts kept: ",
    "'scenes: [sky]', 'scenes: [sky, beach]', 'Open set adds: '",
  })
  void anEditedSuiteOfTheSameNameIsADifference(String from, String to, String difference)
      throws IOException {
    Path cat = run("cat", "cat", SUITE);
    Path dog = run("dog", "dog", SUITE.replaceFirst(Pattern.quote(from), to));
    assertNotAlike(report(cat, dog), difference);
  }

  private Path method(String name, String method, @Nullable String recipe, Path run) {
    MethodCost.of(method, name, recipe, 1.0, 1L, 1L, 1L).write(run);
    return run;
  }

  @Test
  void twoRecipesOfOneMethodAreADifferenceAndThoseOfTwoMethodsAreNot() throws IOException {
    Path cat = method("RealEra", "realera", "one", run("cat", "cat", SUITE));
    Path dog = method("RealEra", "realera", "other", run("dog", "dog", SUITE));
    assertNotAlike(report(cat, dog), "Recipe of RealEra: one (mine, cat); other (mine, dog)");
    method("UCE", "uce", "other", dog);
    assertThat(report(cat, dog).methods()).isNotNull();
  }

  /** Synonyms of one concept, asked of two methods. */
  @Test
  void otherPromptsOfOneConceptAreADifference() throws IOException {
    Path one = method("RealEra", "realera", null, run("one", "cat", SUITE));
    Path other =
        method("UCE", "uce", null, run("other", "cat", SUITE.replace("[kitty]", "[moggy]")));
    assertNotAlike(report(one, other), "Prompts of cat: ");
  }
}
