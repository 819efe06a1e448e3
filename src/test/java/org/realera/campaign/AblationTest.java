package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.eval.Drawn;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalResult;
import org.realera.eval.WrittenRun;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.Json;
import org.realera.tensor.ComputeChoice;

/** Which models and runs a page of variants and sweeps is made of. */
class AblationTest {
  private static final ConceptPair PAIR = new ConceptPair("cat", "sofa");

  @TempDir private Path folder;

  /** Draws nothing: each run is one that was made up, under the name that was asked for. */
  private final class FakeRunner implements Runner {
    final List<EraseRequest> erased = new ArrayList<>();
    final List<EvalRequest> measured = new ArrayList<>();

    @Override
    public EraseResult erase(EraseRequest request, Progress progress) {
      erased.add(request);
      Path out = request.out();
      return new EraseResult(out, out, out, Map.of(), 1.25, false);
    }

    @Override
    public EvalResult evaluate(EvalRequest request, ComputeChoice compute, Progress progress) {
      assertThat(compute).isEqualTo(ComputeChoice.of("cpu", "bf16"));
      measured.add(request);
      Path run = request.out();
      if (run.startsWith(folder.resolve("out/runs")) && measured.size() < 6) {
        run = written(folder.resolve("written" + measured.size()), "" + request.subject().label());
      }
      return new EvalResult(run, request.shard(), null, null, 1, 0, 1);
    }
  }

  private static Path written(Path where, String label) {
    try {
      Path run = WrittenRun.in(where);
      Path file = run.resolve("run.json");
      Json.write(file, ((ObjectNode) Json.read(file)).put("label", label));
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FakeRunner run(@Nullable Integer sweepSamples) {
    FakeRunner runner = new FakeRunner();
    Campaign.Setting setting =
        new Campaign.Setting(
            SuiteReader.read("cifar10"),
            new ModelRef("pocket", Path.of("/m")),
            new ModelRef("scorer", Path.of("/s")),
            Drawn.AS_THE_SUITE_SAYS,
            ComputeChoice.of("cpu", "bf16"),
            Shard.WHOLE,
            folder.resolve("out"));
    Campaign campaign = new Campaign(setting, runner, Progress.NONE);
    new Ablation(campaign, PAIR, EraseRecipe.DEFAULT, 20, sweepSamples).run();
    return runner;
  }

  @Test
  void eachVariantIsErasedWithItsOwnPartsAndMeasuredBesideTheOriginal() throws IOException {
    FakeRunner runner = run(null);
    assertThat(runner.erased)
        .extracting(AblationTest::parts)
        .containsExactly(
            "closed_form: ",
            "aligned: alignment ",
            "mined: alignment mining ",
            "full: alignment mining beyond ");
    assertThat(runner.erased)
        .allSatisfy(one -> assertThat(one.recipe().concepts()).containsExactly(PAIR));
    assertThat(runner.measured)
        .extracting(one -> folder.relativize(one.out()) + ": " + one.subject().label())
        .containsExactly(
            "out/original: original",
            "out/runs/closed_form: 1 closed form",
            "out/runs/aligned: 2 + noise alignment",
            "out/runs/mined: 3 + neighbor mining",
            "out/runs/full: full");
    assertThat(runner.measured)
        .allSatisfy(
            one -> {
              assertThat(one.subject().concept()).isEqualTo("cat");
              assertThat(one.subject().anchor()).isEqualTo("sofa");
              assertThat(one.drawn().samples()).isEqualTo(20);
              assertThat(one.scorer()).isEqualTo(new ModelRef("scorer", Path.of("/s")));
            });
    assertThat(runner.measured.subList(1, 5))
        .allSatisfy(
            one ->
                assertThat(one.baseline())
                    .isEqualTo(Campaign.source(folder.resolve("out/original"))));
    assertThat(Files.readString(folder.resolve("out/report.html")))
        .contains("What each part does: erasing cat", "1 closed form", "full");
  }

  private static String parts(EraseRequest request) {
    EraseRecipe recipe = request.recipe();
    return request.out().getFileName()
        + ": "
        + (recipe.alignment().enabled() ? "alignment " : "")
        + (recipe.mining().enabled() ? "mining " : "")
        + (recipe.beyond().enabled() ? "beyond " : "");
  }

  @Test
  void sweepsHaveSamplesOfTheirOwnAndTheSameConceptAndAnchor() {
    FakeRunner runner = run(3);
    List<EvalRequest> sweeps = runner.measured.subList(5, runner.measured.size());
    assertThat(sweeps)
        .hasSize(32)
        .allSatisfy(
            one -> {
              assertThat(one.drawn().samples()).isEqualTo(3);
              assertThat(one.subject().concept()).isEqualTo("cat");
              assertThat(one.subject().anchor()).isEqualTo("sofa");
              assertThat(one.baseline()).isNull();
            });
    assertThat(runner.erased.subList(4, 36))
        .allSatisfy(one -> assertThat(one.recipe().concepts()).containsExactly(PAIR));
  }
}
