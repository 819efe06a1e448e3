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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SldSettings;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalResult;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.golden.Golden;
import org.realera.tensor.ComputeChoice;

class EvalCommandTest {
  private static final String TINY =
      """
      name: tiny
      prompt: a photo of the {}
      samples: 2
      sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 16, height: 16}
      scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
      scenes: [sea]
      concepts:
        - {name: book, synonyms: [story], anchor: day}
        - {name: house, anchor: city}
      """;

  @TempDir private Path folder;

  /** Takes requests instead of measuring; every model is small. */
  static class RecordingCore extends CommandRun.FakeCore {
    final AtomicReference<EvalRequest> seen = new AtomicReference<>();

    @Override
    public Path locateScorer(String reference, Map<String, String> env) {
      return Path.of("/scorers").resolve(reference);
    }

    @Override
    public Suite fitting(Suite suite, Path model) {
      return suite.smallModels() == null ? suite : SuiteReader.read(suite.smallModels().suite());
    }

    @Override
    public EvalResult evaluate(EvalRequest request, ComputeChoice compute, Progress progress) {
      seen.set(request);
      return new EvalResult(request.out(), request.shard(), null, null, 3, 4, 1.5);
    }
  }

  @Test
  void theCommandLineBecomesARequest() {
    RecordingCore core = new RecordingCore();
    CommandRun run =
        CommandRun.with(
            core,
            "eval cifar10 -m pocket --baseline /base -c airplane -a sea -n 50 --shard 2/8 -o runs/a"
                .split(" "));
    assertThat(run.code()).as(run.err()).isZero();
    EvalRequest request = core.seen.get();
    assertThat(request.suite().name()).isEqualTo("cifar10-pocket");
    assertThat(run.err()).contains("suite cifar10-pocket", "7 images, 3 drawn now");
    assertThat(request.scorer().path()).isEqualTo(Path.of("/scorers/pocket"));
    assertThat(request.subject().concept()).isEqualTo("airplane");
    assertThat(request.subject().anchor()).isEqualTo("sea");
    assertThat(request.drawn().samples()).isEqualTo(50);
    assertThat(request.shard()).isEqualTo(new Shard(2, 8));
    assertThat(run.out()).contains("shard 2/8 is complete in runs/a");
  }

  @Test
  void sldIsPartOfWhatIsAskedFor() {
    RecordingCore core = new RecordingCore();
    CommandRun.with(core, "eval cifar10 -m pocket -c ship --safe ship -o x".split(" "));
    assertThat(core.seen.get().drawn().safe())
        .isEqualTo(new SafeGuidance("ship", SldSettings.MEDIUM));
    CommandRun.with(core, "eval cifar10 -m pocket -c ship --sld strong -o x".split(" "));
    assertThat(core.seen.get().drawn().safe())
        .isEqualTo(new SafeGuidance(SafeGuidance.PUBLISHED_TEXT, SldSettings.STRONG));
    CommandRun.with(core, "eval cifar10 -m pocket -c ship -o x".split(" "));
    assertThat(core.seen.get().drawn().safe()).isNull();
  }

  @Test
  void theConceptIsThatOfTheModelsManifestUnlessNamed() throws IOException {
    Files.writeString(
        folder.resolve("realera.json"),
        "{\"recipe\": {\"concepts\": [{\"concept\": \"ship\", \"anchor\": \"sea\"}]}}");
    RecordingCore core = new RecordingCore();
    assertThat(CommandRun.with(core, "eval", "cifar10", "-m", folder.toString(), "-o", "x").err())
        .contains("taking ship, which realera.json says was erased; name another with --concept");
    assertThat(core.seen.get().subject().concept()).isEqualTo("ship");
    assertThat(core.seen.get().subject().anchor()).isEqualTo("sea");
    CommandRun.with(core, "eval", "cifar10", "-m", folder.toString(), "-c", "cat", "-o", "x");
    assertThat(core.seen.get().subject().concept()).isEqualTo("cat");
    assertThat(core.seen.get().subject().anchor()).isNull();
    String each = "eval cifar10 --erase cat -o x -m " + folder;
    assertThat(CommandRun.with(core, each.split(" ")).err()).doesNotContain("says was erased");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eval --model pocket --out x",
        "eval cifar10 --model pocket",
        "eval cifar10 --model pocket --out x --samples 0",
        "eval cifar10 --model pocket --out x --shard 3/2",
        "eval cifar10 --model pocket --out x --variants",
        "eval cifar10 --model pocket --out x --erase all --concept cat",
        "eval cifar10 --model pocket --out x --erase zebra",
        "eval cifar10 --model pocket --out x --erase cat,ship,cat",
        "eval cifar10 --model pocket --out x --methods uce",
        "eval cifar10 --model pocket --out x --erase cat --methods uce --variants",
        "eval cifar10 --model pocket --out x --erase all --safe cat",
        "eval cifar10 --model pocket --out x --erase all --sld weak",
        "eval cifar10 --model pocket --out x --erase all --spm a.safetensors",
        "eval cifar10 --model pocket --out x --erase all --label mine",
        "eval cifar10 --model pocket --out x --erase cat --methods uce,sld-max --guidance 1",
        "eval cifar10 --model pocket --out x --sld weakest",
        "eval cifar10 --model pocket --out x --safe cat --guidance 1",
        "eval cifar10 --model pocket --out x --prompts list.csv",
        "eval cifar10 --model pocket --out x --inception x.pt",
        "eval coco --model pocket --scorer pocket --out x --erase all",
        "eval ablation --model pocket --out x",
        "eval ablation --model pocket --out x --concept cat --set preserve=[cat]",
        "eval cifar10 --model pocket --out x --erase all --set preserve=[ship]",
        "eval ablation -m pocket -c cat --out x --no-sweeps --sweep-samples 5",
        "eval report"
      })
  void whatMakesNoSenseIsAUsageError(String line) {
    RecordingCore core = new RecordingCore();
    CommandRun run = CommandRun.with(core, line.split(" "));
    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(2);
    assertThat(run.err()).contains("error: ");
    assertThat(core.seen.get()).as("nothing is drawn").isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uec|there is no method \"uec\"|Did you mean uce?",
        "uce,uce|--methods has uce twice|Name each method once.",
        "all,all|twice|Name each method once.",
        "uce --recipe mine.yaml|--recipe mine.yaml is of one method|object, celebrity",
        "uce --set mining.d1=0.5|mining is a setting of realera, not of uce|--method realera",
        "uce --set realera:mining.d1=0.5|a method that --methods does not name|Add it",
        "uce --set uce:mining.d1=0.5|mining is a setting of realera, not of uce|Leave it out"
      })
  void aComparisonThatCannotBeIsRefusedInOneLine(String methods, String what, String remedy) {
    String line = "eval cifar10 --model pocket --out x --erase cat --methods " + methods;
    CommandRun run = CommandRun.with(new RecordingCore(), line.split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(what, remedy);
    assertThat(run.err().lines().filter(l -> l.startsWith("realera: error: "))).hasSize(1);
  }

  @Test
  void aSuiteThatDoesNotExistIsNotFound() {
    assertThat(
            CommandRun.with(new RecordingCore(), "eval", "cifar11", "-m", "pocket", "-o", "x")
                .code())
        .isEqualTo(3);
  }

  @Test
  void aSuiteIsGivenItsFilesAndSizeFromTheCommandLine() throws IOException {
    Path detector = Files.writeString(folder.resolve("320n.onnx"), "");
    RecordingCore core = new RecordingCore();
    CommandRun run =
        CommandRun.with(
            core,
            "eval",
            "explicit",
            "-m",
            "pocket",
            "-o",
            "x",
            "--prompts",
            "i2p.csv",
            "--scorer",
            detector.toString(),
            "--size",
            "64",
            "--inception",
            "a.pt",
            "--reference",
            "b.npz");
    assertThat(run.code()).as(run.err()).isZero();
    Suite suite = core.seen.get().suite();
    assertThat(suite.list()).isNotNull().extracting("file").isEqualTo("i2p.csv");
    assertThat(suite.sampler()).isEqualTo(new Suite.Sampler("ddim", 50, 7.5, 64, 64));
    assertThat(suite.fid()).isEqualTo(new Suite.Fid("a.pt", "b.npz"));
    assertThat(core.seen.get().scorer().path()).isEqualTo(detector);
  }

  @ParameterizedTest
  @CsvSource({
    "explicit,,320n.onnx of the Python package nudenet",
    "explicit,none.onnx,320n.onnx of the Python package nudenet",
    "celebrity,,convert_celebrity.py"
  })
  void aScorerThatIsMissingIsAnsweredWithWhereItComesFrom(
      String suite, @Nullable String scorer, String origin) {
    List<String> line =
        new ArrayList<>(List.of("eval", suite, "-m", "pocket", "--prompts", "x.csv", "-o", "x"));
    if (scorer != null) {
      line.addAll(List.of("--scorer", scorer));
    }
    CommandRun run = CommandRun.with(new RecordingCore(), line.toArray(String[]::new));
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains(origin);
  }

  @Test
  void aFolderThatIsNoRunIsNotFound() {
    CommandRun run = CommandRun.of("eval", "report", folder.toString());
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("is no run folder");
  }

  /** With real networks in miniature: every erasure of a campaign, and its page. */
  @Test
  void erasingAllConceptsGivesOnePageAndGoesOnWhereItStopped() throws IOException {
    CommandRun first = campaign("out");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("tiny: book -> day", "tiny: house -> city", "mean of 2 concepts");
    String summary = Files.readString(folder.resolve("out/summary.json"));
    CommandRun second = campaign("out");
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.err()).contains("0 drawn, 6 were there");
    assertThat(folder.resolve("out/summary.json")).hasContent(summary);
    assertThat(Files.readString(folder.resolve("out/report.html"))).contains("2 evaluations");
  }

  @Test
  void shardsOfACampaignMergeToTheFiguresOfTheWhole() throws IOException {
    assertThat(campaign("whole").code()).isZero();
    List<String> line = new ArrayList<>(List.of("eval", "report"));
    for (String shard : List.of("1/2", "2/2")) {
      String out = "shard" + shard.charAt(0);
      CommandRun run = campaign(out, "--shard", shard);
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).contains("shard " + shard + " is complete", "report DIR/runs/*...");
      for (String name : List.of("book-full", "house-full")) {
        line.add(folder.resolve(out).resolve("runs").resolve(name).toString());
      }
    }
    line.addAll(List.of("-o", folder.resolve("merged").toString()));
    CommandRun merged = CommandRun.of(line.toArray(String[]::new));
    assertThat(merged.code()).as(merged.err()).isZero();
    JsonNode runs = runs("merged");
    assertThat(runs).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(runs.get(i).get("model")).isEqualTo(runs("whole").get(i).get("model"));
      assertThat(runs.get(i).get("baseline").get("fingerprint"))
          .isEqualTo(runs("whole").get(i).get("baseline").get("fingerprint"));
    }
  }

  /** With real networks in miniature: closed forms and guidance side by side. */
  @Test
  void methodsAreComparedOnOnePageAndGoOnWhereTheyStopped() throws IOException {
    CommandRun first = methods("out");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains("tiny: 2 concepts, 2 images", "seconds", "UCE", "SLD-max");
    String page = Files.readString(folder.resolve("out/report.html"));
    assertThat(page).contains("3 methods erasing 2 concepts");
    assertThat(folder.resolve("out/models/book-uce/realera.json")).exists();
    assertThat(folder.resolve("out/models/book-sld-max")).doesNotExist();
    CommandRun second = methods("out", "--json");
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(folder.resolve("out/report.html")).hasContent(page);
    JsonNode found = new ObjectMapper().readTree(second.out()).get("methods");
    assertThat(found.findValuesAsText("method"))
        .containsExactly("original", "uce", "rece", "sld-max");
    assertThat(found.get(1).get("cost").get("tensors").asInt()).isPositive();
    assertThat(found.get(3).get("cost").get("seconds").asDouble()).isZero();
  }

  /** As published: the original with adapters by facilitated transport, not the merged weights. */
  @Test
  void spmIsMeasuredWithItsAdaptersAndNoOthers() throws IOException {
    Path suite = Files.writeString(folder.resolve("tiny.yaml"), TINY);
    List<String> line =
        new ArrayList<>(List.of("eval", suite.toString(), "-m", Golden.path("tiny-sd").toString()));
    line.addAll(List.of("--scorer", Golden.path("tiny-scorer").toString(), "--device", "cpu"));
    List<String> erasing = new ArrayList<>(line);
    erasing.addAll(List.of("--erase", "book", "--methods", "spm", "--set", "steps=1"));
    erasing.addAll(List.of("--set", "sampler_steps=2", "--set", "warmup_steps=0"));
    erasing.addAll(List.of("-o", folder.resolve("out").toString()));
    CommandRun run = CommandRun.with(CommandRun.liveCore(), erasing.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(folder.resolve("out/models/book-spm/spm.safetensors")).exists();
    Path measured = folder.resolve("out/runs/book-spm");
    JsonNode info = new ObjectMapper().readTree(Files.readString(measured.resolve("run.json")));
    assertThat(info.path("model").asText()).endsWith("tiny-sd");
    assertThat(info.path("spm").path("concepts").path(0).asText()).isEqualTo("book");
    line.addAll(List.of("--spm", Golden.path("spm-authors.safetensors").toString()));
    line.addAll(List.of("-c", "book", "-o", measured.toString()));
    CommandRun other = CommandRun.with(CommandRun.liveCore(), line.toArray(String[]::new));
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("other settings: adapters SPM of \"book\"");
  }

  @Test
  void shardsOfAComparisonMergeToTheBytesOfTheWhole() throws IOException {
    assertThat(methods("whole").code()).isZero();
    List<String> line = new ArrayList<>(List.of("eval", "report"));
    for (String shard : List.of("1/2", "2/2")) {
      String out = "shard" + shard.charAt(0);
      CommandRun run = methods(out, "--shard", shard);
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).contains("shard " + shard + " is complete", "report DIR/runs/*...");
      line.add(folder.resolve(out).toString());
    }
    assertThat(folder.resolve("shard1/runs/book-uce")).exists();
    assertThat(folder.resolve("shard2/runs/book-uce")).doesNotExist();
    line.addAll(List.of("-o", folder.resolve("merged").toString()));
    CommandRun merged = CommandRun.of(line.toArray(String[]::new));
    assertThat(merged.code()).as(merged.err()).isZero();
    assertThat(folder.resolve("merged/summary.json"))
        .hasSameBinaryContentAs(folder.resolve("whole/summary.json"));
    assertThat(withoutCosts("merged")).isEqualTo(withoutCosts("whole"));
  }

  /** The table without its last four columns, which no two runs have the same. */
  private List<String> withoutCosts(String out) throws IOException {
    return Files.readAllLines(folder.resolve(out).resolve("methods.csv")).stream()
        .map(line -> line.replaceFirst("(,[^,]*){4}$", ""))
        .toList();
  }

  private CommandRun methods(String out, String... more) throws IOException {
    Path suite = Files.writeString(folder.resolve("tiny.yaml"), TINY);
    List<String> line =
        new ArrayList<>(List.of("eval", suite.toString(), "-m", Golden.path("tiny-sd").toString()));
    line.addAll(List.of("--scorer", Golden.path("tiny-scorer").toString(), "--erase", "all"));
    line.addAll(List.of("--methods", "sld-max,rece,uce", "-o", folder.resolve(out).toString()));
    line.addAll(List.of("--device", "cpu", "--batch", "2"));
    line.addAll(List.of(more));
    return CommandRun.with(CommandRun.liveCore(), line.toArray(String[]::new));
  }

  private JsonNode runs(String out) throws IOException {
    return new ObjectMapper()
        .readTree(Files.readString(folder.resolve(out).resolve("summary.json")))
        .get("runs");
  }

  private CommandRun campaign(String out, String... more) throws IOException {
    Path suite = Files.writeString(folder.resolve("tiny.yaml"), TINY);
    Path recipe = folder.resolve("recipe.yaml");
    Files.writeString(
        recipe,
        """
        mining: {samples: 2}
        beyond: {samples: 4}
        closed_form: {prior_prompts: 4}
        alignment: {steps: 2, images: 1, image_steps: 2}
        """);
    List<String> line =
        new ArrayList<>(List.of("eval", suite.toString(), "-m", Golden.path("tiny-sd").toString()));
    line.addAll(List.of("--scorer", Golden.path("tiny-scorer").toString(), "--erase", "all"));
    line.addAll(List.of("--recipe", recipe.toString(), "-o", folder.resolve(out).toString()));
    line.addAll(List.of("--device", "cpu", "--batch", "2"));
    line.addAll(List.of(more));
    return CommandRun.with(CommandRun.liveCore(), line.toArray(String[]::new));
  }
}
