package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalResult;
import org.realera.eval.run.MethodCost;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.ComputeChoice;

/** Which erasures and evaluations a comparison of methods is made of; as a shard it has no page. */
class EraseEachTest {
  @TempDir private Path folder;

  /** Writes a manifest in place of a model, and draws nothing. */
  private static final class FakeRunner implements Runner {
    final List<String> erased = new ArrayList<>();
    final List<EvalRequest> measured = new ArrayList<>();
    @Nullable MethodName refused;

    @Override
    public EraseResult erase(EraseRequest request, Progress progress) {
      EraseRecipe recipe = request.recipe();
      if (recipe.method() == refused) {
        throw RealeraException.usage("it takes one concept", "Name one.");
      }
      Path out = request.out();
      erased.add(recipe.method().label() + " " + recipe.concepts().get(0).concept());
      try {
        Files.createDirectories(out);
        Files.writeString(
            out.resolve("realera.json"),
            """
            {"results": {"write": {"tensors": ["a", "b", "c"]}},
             "timings": {"open": 1.5, "closed-form": 2, "pictures": 1, "write": 0.5, "total": 8,
                         "unet_passes": 1000, "peak_memory_bytes": 3000000000}}
            """);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new EraseResult(out, out, out, Map.of(), 1.25, false);
    }

    @Override
    public EvalResult evaluate(EvalRequest request, ComputeChoice compute, Progress progress) {
      measured.add(request);
      return new EvalResult(request.out(), request.shard(), null, null, 1, 0, 1);
    }

    List<String> measuredFolders() {
      return measured.stream().map(request -> request.out().getFileName().toString()).toList();
    }
  }

  private EraseEach of(FakeRunner runner, Way... ways) {
    ModelRef model = new ModelRef("pocket", Path.of("/m"));
    Campaign.Setting setting =
        new Campaign.Setting(
            SuiteReader.read("cifar10"),
            model,
            model,
            null,
            null,
            ComputeChoice.of("cpu", "fp32"),
            new Shard(1, 2),
            folder);
    Campaign campaign = new Campaign(setting, runner, Progress.NONE);
    return new EraseEach(campaign, List.of("cat", "ship"), List.of(ways), 4);
  }

  private static Way method(MethodName name) {
    return Way.of(RecipeReader.builtIn("object", name, List.of()));
  }

  private MethodCost cost(String run) {
    return MethodCost.find(List.of(folder.resolve("runs").resolve(run))).orElseThrow();
  }

  @Test
  void eachConceptIsErasedByEachMethodInAFolderOfItsOwn() {
    FakeRunner runner = new FakeRunner();
    assertThat(of(runner, method(MethodName.REALERA), method(MethodName.UCE)).run()).isNull();
    assertThat(runner.erased).containsExactly("realera cat", "uce cat", "realera ship", "uce ship");
    assertThat(runner.measuredFolders())
        .containsExactly("cat-realera", "cat-uce", "ship-realera", "ship-uce");
    assertThat(runner.measured).extracting(EvalRequest::label).contains("RealEra", "UCE");
    assertThat(runner.measured).allMatch(request -> request.safe() == null);
  }

  @Test
  void aRunKeepsWhatItsModelCostWithoutWhatAllMethodsDoAlike() {
    of(new FakeRunner(), method(MethodName.UCE)).run();
    assertThat(cost("cat-uce"))
        .isEqualTo(MethodCost.of("uce", "UCE", 5.0, 1000L, 3_000_000_000L, 3L));
  }

  @Test
  void guidanceIsMeasuredOnTheModelItselfAwayFromTheConcept() {
    FakeRunner runner = new FakeRunner();
    of(runner, Way.guiding("sld-max", "max")).run();
    assertThat(runner.erased).isEmpty();
    assertThat(runner.measured)
        .extracting(request -> request.model().name())
        .containsOnly("pocket");
    assertThat(runner.measured)
        .extracting(request -> Objects.requireNonNull(request.safe()).words())
        .containsExactly(Map.of("safe", "cat", "sld", "max"), Map.of("safe", "ship", "sld", "max"));
    assertThat(cost("ship-sld-max"))
        .isEqualTo(MethodCost.of("sld-max", "SLD-max", 0.0, 0L, null, 0L));
  }

  @Test
  void spmIsMeasuredOnTheModelItselfWithTheAdaptersOfWhatWasErased() {
    FakeRunner runner = new FakeRunner();
    of(runner, method(MethodName.SPM), method(MethodName.UCE)).run();
    assertThat(runner.erased).contains("spm cat", "spm ship");
    assertThat(runner.measured)
        .extracting(request -> request.model().name())
        .containsExactly("pocket", "cat-uce", "pocket", "ship-uce");
    assertThat(runner.measured)
        .extracting(EvalRequest::spm)
        .containsExactly(
            folder.resolve("models/cat-spm"), null, folder.resolve("models/ship-spm"), null);
    assertThat(cost("ship-spm").tensors()).isEqualTo(3L);
  }

  @Test
  void aMethodThatFailsIsNamedWithItsConceptAndWhatWasDoneStays() {
    FakeRunner runner = new FakeRunner();
    runner.refused = MethodName.RECE;
    EraseEach each = of(runner, method(MethodName.UCE), method(MethodName.RECE));
    assertThatThrownBy(each::run)
        .isInstanceOf(RealeraException.class)
        .hasMessage("RECE on cat: it takes one concept");
    assertThat(runner.erased).containsExactly("uce cat");
    assertThat(cost("cat-uce").method()).isEqualTo("uce");
  }

  @Test
  void variantsOfOneMethodAreNoComparison() {
    FakeRunner runner = new FakeRunner();
    of(runner, EraseEach.ways(EraseRecipe.DEFAULT, true).toArray(Way[]::new)).run();
    assertThat(runner.measured).hasSize(8);
    assertThat(MethodCost.find(runner.measured.stream().map(EvalRequest::out).toList())).isEmpty();
  }
}
