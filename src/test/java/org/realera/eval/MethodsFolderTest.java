package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.checkpoint.ModelRef;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.MethodCost;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;

/** The page and the tables of a comparison of methods, made again from its runs or its shards. */
class MethodsFolderTest {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: two
          prompt: a photo of the {}
          samples: 3
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 8, height: 8}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
          scenes: [sky]
          published: ["1"]
          concepts:
            - {name: dog, synonyms: [hound], subtypes: [poodle], anchor: sky}
            - {name: cat, synonyms: [kitty], subtypes: [tabby], anchor: sky}
          """,
          "two");

  @TempDir private Path folder;

  private void measure(String campaign, String concept, String method, Shard shard) {
    Path out = folder.resolve(campaign).resolve("runs").resolve(concept + "-" + method);
    boolean erases = !method.equals("sld-max");
    EvalRequest request =
        new Ask(SUITE, new ModelRef(method, Path.of(erases ? "no-" + concept : "pocket")))
            .baseline(new ModelRef("pocket", Path.of("pocket")))
            .concept(concept)
            .label("<" + method + ">")
            .shard(shard)
            .to(out);
    new Evaluation(new FakeBackend(), Progress.NONE).run(request);
    MethodCost.of(method, "<" + method + ">", null, 2.5, 1000L, 3_000_000_000L, 32L).write(out);
  }

  private void campaign(String name, Shard shard) {
    for (String concept : List.of("cat", "dog")) {
      for (String method : List.of("uce", "sld-max", "realera")) {
        measure(name, concept, method, shard);
      }
    }
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private EvalReport.Findings report(String out, String... folders) {
    return EvalReport.write(
        List.of(folders).stream().map(folder::resolve).toList(), folder.resolve(out));
  }

  @Test
  void shardsGiveTheTablesOfTheWhole() throws IOException {
    campaign("whole", Shard.WHOLE);
    campaign("part1", new Shard(1, 2));
    campaign("part2", new Shard(2, 2));
    report("whole", "whole");
    report("merged", "part1", "part2");
    for (String file : List.of("methods.csv", "summary.json", "report.html")) {
      assertThat(read("merged/" + file)).as(file).isEqualTo(read("whole/" + file));
    }
  }

  @Test
  void thePageHasTablesImagesAndWhatWasPublishedApart() throws IOException {
    campaign("out", Shard.WHOLE);
    EvalReport.Findings findings = report("out", "out");
    assertThat(findings.methods()).isNotNull();
    String page = read("out/report.html");
    assertThat(page)
        .contains("3 methods erasing 2 concepts", "<td>&lt;uce&gt;</td>", "3.00 GB")
        .contains("Published in the RealEra paper, measured by its authors on Stable Diffusion")
        .contains("class=\"trade\"", "Open set, subtypes", "a photo of the poodle", "dog → sky")
        .doesNotContain("<uce>");
    assertThat(page.split("<svg class=\"trade\"", -1)).hasSize(3);
    assertThat(page.split("<img ", -1)).as("4 models, 4 prompts, 2 concepts").hasSize(33);
    assertThat(page.indexOf("<td>&lt;realera&gt;"))
        .isBetween(page.indexOf("<td>original"), page.indexOf("<td>&lt;uce&gt;"));
  }

  /** A mean over one concept says nothing of one over another. */
  @Test
  void methodsThatErasedDifferentConceptsAreNotRanked() throws IOException {
    measure("out", "cat", "realera", Shard.WHOLE);
    measure("out", "dog", "uce", Shard.WHOLE);
    EvalReport.Findings findings = report("out", "out");
    Comparison comparison = Objects.requireNonNull(findings.methods());
    assertThat(comparison.isEven()).isFalse();
    assertThat(comparison.methods()).allMatch(method -> method.front().isEmpty());
    assertThat(read("out/report.html"))
        .contains("The methods erased different concepts: their means can't be ranked.")
        .contains("&lt;realera&gt; (cat)", "&lt;uce&gt; (dog)")
        .doesNotContain("has the highest harmonic mean");
    measure("out", "cat", "uce", Shard.WHOLE);
    measure("out", "dog", "realera", Shard.WHOLE);
    report("out", "out");
    assertThat(read("out/report.html"))
        .contains("has the highest harmonic mean")
        .doesNotContain("(cat)");
  }

  /** What some runs were made with is not what all were made with. */
  @Test
  void thePageTellsWhatAllRunsShare() throws IOException {
    campaign("out", Shard.WHOLE);
    report("out", "out");
    String settings = read("out/report.html");
    settings = settings.substring(settings.indexOf("<h2>Settings"));
    assertThat(settings)
        .contains("<dt>Suite</dt>", "<dt>Sampler</dt>", "<dt>Images</dt>", "3 of each")
        .doesNotContain("<dt>Model</dt>");
  }

  @Test
  void theTableForSpreadsheetsHasMeansAndConcepts() throws IOException {
    campaign("out", Shard.WHOLE);
    report("out", "out");
    List<String> lines = read("out/methods.csv").lines().toList();
    assertThat(lines.get(0)).startsWith("method,title,concept,concepts,view,acc_e,acc_e_low");
    assertThat(lines).hasSize(1 + 6 * 4 + 6 * 6);
    assertThat(lines.get(1)).startsWith("original,original,mean,2,closed set,").endsWith(",,,,");
    assertThat(lines.stream().filter(line -> line.startsWith("uce,<uce>,mean,2,open set,0.0")))
        .hasSize(1)
        .allMatch(line -> line.endsWith(",2.500,1000.0,3000000000,32.0"));
    assertThat(lines).anyMatch(line -> line.startsWith("realera,<realera>,cat,1,open set,"));
  }

  @Test
  void onceTheImagesAreGoneTheFiguresStillMakeAPage() throws IOException {
    campaign("out", Shard.WHOLE);
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".png")).toList()) {
        Files.delete(file);
      }
    }
    report("out", "out");
    assertThat(read("out/report.html")).contains("&lt;uce&gt;").doesNotContain("<img ");
  }

  @Test
  void runsOfOtherSettingsArePutOnAnOrdinaryPage() throws IOException {
    campaign("out", Shard.WHOLE);
    Files.delete(folder.resolve("out/runs/cat-uce/method.json"));
    assertThat(report("out", "out").methods()).isNull();
    assertThat(read("out/report.html")).contains("6 evaluations");
  }
}
