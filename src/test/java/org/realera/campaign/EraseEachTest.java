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
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.eval.Drawn;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalResult;
import org.realera.eval.run.MethodCost;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.ComputeChoice;

/** Which erasures and evaluations a comparison of methods is made of; a shard has no page. */
class EraseEachTest {
  private static final ModelRef SCORER = new ModelRef("scorer", Path.of("/s"));
  private static final ComputeChoice BF16 = ComputeChoice.of("cpu", "bf16");

  private static final Drawn DRAWN = new Drawn(null, 5, 1.5, 3, null, null);

  @TempDir private Path folder;

  /** Writes a manifest in place of a model, and draws nothing. */
  private static final class FakeRunner implements Runner {
    final List<String> erased = new ArrayList<>();
    final List<EraseRequest> requests = new ArrayList<>();
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
      requests.add(request);
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
      assertThat(compute).isEqualTo(BF16);
      measured.add(request);
      return new EvalResult(request.out(), request.shard(), null, null, 1, 0, 1);
    }

    List<String> measuredFolders() {
      return measured.stream().map(request -> request.out().getFileName().toString()).toList();
    }
  }

  /** Every shard in its turn: a whole campaign would read the runs back, and here are none. */
  private void run(FakeRunner runner, int shards, Way... ways) {
    for (int i = 1; i <= shards; i++) {
      assertThat(of(runner, new Shard(i, shards), ways).run()).isNull();
    }
  }

  private EraseEach of(FakeRunner runner, Shard shard, Way... ways) {
    ModelRef model = new ModelRef("pocket", Path.of("/m"));
    Campaign.Setting setting =
        new Campaign.Setting(
            SuiteReader.read("cifar10"), model, SCORER, DRAWN, BF16, shard, folder);
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
    run(runner, 2, method(MethodName.REALERA), method(MethodName.UCE));
    assertThat(runner.erased)
        .containsExactlyInAnyOrder("realera cat", "uce cat", "realera ship", "uce ship");
    assertThat(runner.measuredFolders())
        .contains("cat-realera", "cat-uce", "ship-realera", "ship-uce");
    assertThat(runner.measured)
        .extracting(request -> request.subject().label())
        .contains("RealEra", "UCE");
    assertThat(runner.measured).allMatch(request -> request.drawn().safe() == null);
  }

  @Test
  void imagesAreDrawnAsAskedTheOriginalsAmongThem() {
    FakeRunner runner = new FakeRunner();
    run(runner, 2, method(MethodName.UCE), Way.guiding("sld-max", "max"));
    run(runner, 2, EraseEach.ways(EraseRecipe.DEFAULT, false).toArray(Way[]::new));
    assertThat(runner.measuredFolders()).contains("original");
    assertThat(runner.measured)
        .allSatisfy(
            request -> {
              assertThat(request.drawn().samples()).isEqualTo(4);
              assertThat(request.drawn().steps()).isEqualTo(5);
              assertThat(request.drawn().guidance()).isEqualTo(1.5);
              assertThat(request.drawn().batch()).isEqualTo(3);
              assertThat(request.scorer()).isEqualTo(SCORER);
            });
  }

  /** What trains takes hours: no model is made twice, and every shard has its share of a method. */
  @Test
  void aShardOfAComparisonMakesWholeModelsOfItsOwn() {
    Way[] ways = {method(MethodName.REALERA), Way.guiding("sld-max", "max")};
    FakeRunner first = new FakeRunner();
    assertThat(of(first, new Shard(1, 2), ways).run()).isNull();
    assertThat(first.erased).containsExactly("realera cat");
    assertThat(first.measuredFolders()).containsExactly("original", "cat-realera", "cat-sld-max");
    FakeRunner second = new FakeRunner();
    assertThat(of(second, new Shard(2, 2), ways).run()).isNull();
    assertThat(second.measuredFolders())
        .containsExactly("original", "ship-realera", "ship-sld-max");
    assertThat(second.measured)
        .extracting(EvalRequest::shard)
        .allMatch(Shard::isWhole, "all pictures of its models");
    assertThat(second.measured.get(1).baseline())
        .isEqualTo(Campaign.source(folder.resolve("original")));
  }

  @Test
  void moreShardsThanModelsAreRefused() {
    FakeRunner runner = new FakeRunner();
    assertThatThrownBy(of(runner, new Shard(3, 3), method(MethodName.UCE))::run)
        .hasMessage("nothing is left for shard 3/3: there are 2 models to make");
    assertThat(runner.measured).isEmpty();
  }

  /** A variant takes seconds, its images hours. */
  @Test
  void aShardOfVariantsErasesAllAndDrawsItsPart() {
    FakeRunner runner = new FakeRunner();
    Way[] ways = EraseEach.ways(EraseRecipe.DEFAULT, true).toArray(Way[]::new);
    assertThat(of(runner, new Shard(2, 3), ways).run()).isNull();
    assertThat(runner.measured)
        .hasSize(8)
        .extracting(EvalRequest::shard)
        .containsOnly(new Shard(2, 3));
  }

  /** Else a table of variants would show one and the same model four times. */
  @Test
  void eachVariantIsErasedWithItsOwnPartsOfTheMethod() {
    FakeRunner runner = new FakeRunner();
    Way[] ways = EraseEach.ways(EraseRecipe.DEFAULT, true).toArray(Way[]::new);
    of(runner, new Shard(2, 3), ways).run();
    assertThat(runner.requests)
        .extracting(EraseEachTest::parts)
        .containsExactly(
            "cat-closed_form: ",
            "cat-aligned: alignment ",
            "cat-mined: alignment mining ",
            "cat-full: alignment mining beyond ",
            "ship-closed_form: ",
            "ship-aligned: alignment ",
            "ship-mined: alignment mining ",
            "ship-full: alignment mining beyond ");
    assertThat(runner.measured)
        .extracting(request -> request.out().getFileName() + ": " + request.subject().label())
        .startsWith(
            "cat-closed_form: 1 closed form",
            "cat-aligned: 2 + noise alignment",
            "cat-mined: 3 + neighbor mining",
            "cat-full: full");
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
  void conceptsAreErasedAndMeasuredWithTheSuitesAnchors() {
    FakeRunner runner = new FakeRunner();
    run(runner, 2, method(MethodName.UCE), Way.guiding("sld-max", "max"));
    assertThat(runner.requests)
        .extracting(request -> request.recipe().concepts())
        .containsExactly(
            List.of(new ConceptPair("cat", "sky")), List.of(new ConceptPair("ship", "ground")));
    assertThat(runner.measured)
        .extracting(
            request ->
                request.out().getFileName()
                    + " "
                    + request.subject().concept()
                    + " "
                    + request.subject().anchor())
        .containsExactlyInAnyOrder(
            "original null null",
            "original null null",
            "cat-uce cat sky",
            "cat-sld-max cat sky",
            "ship-uce ship ground",
            "ship-sld-max ship ground");
  }

  /** Recipes have settings of their own, and images that nobody looks at take time. */
  @Test
  void aModelIsMadeByTheRecipeAsItIsWithoutImages() {
    FakeRunner runner = new FakeRunner();
    EraseRecipe recipe =
        RecipeReader.builtIn("object", MethodName.UCE, List.of("seed=5", "lamb=0.7"));
    of(runner, new Shard(1, 2), Way.of(recipe)).run();
    EraseRequest request = runner.requests.get(0);
    assertThat(request.recipe())
        .isEqualTo(
            recipe
                .with("concepts", List.of(new ConceptPair("cat", "sky")))
                .with("report.pictures", "never"));
    assertThat(request.model()).isEqualTo(new ModelRef("pocket", Path.of("/m")));
    assertThat(request.out()).isEqualTo(folder.resolve("models/cat-uce"));
    assertThat(request.compute()).isEqualTo(BF16);
    assertThat(request.resume()).as("what is complete is left as it is").isTrue();
    assertThat(request.force()).isFalse();
  }

  @Test
  void aRunKeepsWhatItsModelCostWithoutWhatAllMethodsDoAlike() {
    run(new FakeRunner(), 2, method(MethodName.UCE));
    MethodCost cost = cost("cat-uce");
    assertThat(cost)
        .isEqualTo(MethodCost.of("uce", "UCE", cost.recipe(), 5.0, 1000L, 3_000_000_000L, 3L));
  }

  @Test
  void aRunKeepsWhichSettingsItsModelWasMadeWithWhateverWasErased() {
    run(new FakeRunner(), 2, method(MethodName.UCE));
    String recipe = cost("cat-uce").recipe();
    assertThat(recipe).isNotNull().isEqualTo(cost("ship-uce").recipe());
    EraseRecipe other = RecipeReader.builtIn("object", MethodName.UCE, List.of());
    run(new FakeRunner(), 2, Way.of(other.with("erase_scale", 2.0)));
    assertThat(cost("cat-uce").recipe()).isNotEqualTo(recipe);
  }

  @Test
  void guidanceIsMeasuredOnTheModelItselfAwayFromTheConcept() {
    FakeRunner runner = new FakeRunner();
    run(runner, 2, Way.guiding("sld-max", "max"));
    runner.measured.removeIf(request -> request.out().endsWith("original"));
    assertThat(runner.erased).isEmpty();
    assertThat(runner.measured)
        .extracting(request -> request.model().name())
        .containsOnly("pocket");
    assertThat(runner.measured)
        .extracting(request -> Objects.requireNonNull(request.drawn().safe()).words())
        .containsExactly(Map.of("safe", "cat", "sld", "max"), Map.of("safe", "ship", "sld", "max"));
    assertThat(cost("ship-sld-max"))
        .isEqualTo(MethodCost.of("sld-max", "SLD-max", null, 0.0, 0L, null, 0L));
  }

  @Test
  void spmIsMeasuredOnTheModelItselfWithTheAdaptersOfWhatWasErased() {
    FakeRunner runner = new FakeRunner();
    run(runner, 4, method(MethodName.SPM), method(MethodName.UCE));
    assertThat(runner.erased).contains("spm cat", "spm ship");
    List<EvalRequest> erased =
        runner.measured.stream().filter(one -> !one.out().endsWith("original")).toList();
    assertThat(erased)
        .extracting(request -> request.model().name())
        .containsExactly("pocket", "pocket", "cat-uce", "ship-uce");
    assertThat(erased)
        .extracting(request -> request.drawn().spm())
        .containsExactly(
            folder.resolve("models/cat-spm"), folder.resolve("models/ship-spm"), null, null);
    assertThat(cost("ship-spm").tensors()).isEqualTo(3L);
  }

  /** A shard that makes no model of ship says so, too, as the whole does. */
  @Test
  void aConceptThatARecipeHoldsIsKnownBeforeAnyOtherIsErased() {
    FakeRunner runner = new FakeRunner();
    Way holds = Way.of(RecipeReader.builtIn("object", MethodName.RECE, List.of("preserve=[Ship]")));
    for (Shard shard : List.of(Shard.WHOLE, new Shard(1, 4))) {
      assertThatThrownBy(of(runner, shard, method(MethodName.UCE), holds)::run)
          .isInstanceOf(RealeraException.class)
          .hasMessage("RECE on ship: preserve has \"Ship\", which is also a concept to erase");
    }
    assertThat(runner.measured).isEmpty();
    assertThat(runner.erased).isEmpty();
  }

  @Test
  void aMethodThatFailsIsNamedWithItsConceptAndWhatWasDoneStays() {
    FakeRunner runner = new FakeRunner();
    runner.refused = MethodName.RECE;
    EraseEach each = of(runner, new Shard(1, 2), method(MethodName.UCE), method(MethodName.RECE));
    assertThatThrownBy(each::run)
        .isInstanceOf(RealeraException.class)
        .hasMessage("RECE on cat: it takes one concept");
    assertThat(runner.erased).containsExactly("uce cat");
    assertThat(cost("cat-uce").method()).isEqualTo("uce");
  }

  /** "full" is RealEra with all its parts. */
  @Test
  void aRecipeOfAnotherMethodIsMeasuredUnderThatMethodsName() {
    FakeRunner runner = new FakeRunner();
    EraseRecipe uce = RecipeReader.parse("mine.yaml", "method: uce\nerase_scale: 2\n");
    run(runner, 2, EraseEach.ways(uce, false).toArray(Way[]::new));
    assertThat(runner.erased).containsExactly("uce cat", "uce ship");
    assertThat(runner.measuredFolders())
        .containsExactly("original", "cat-uce", "original", "ship-uce");
    assertThat(runner.measured).extracting(request -> request.subject().label()).contains("UCE");
    assertThat(cost("ship-uce").method()).isEqualTo("uce");
    assertThatThrownBy(() -> EraseEach.ways(uce, true))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("is of realera, and the recipe's method is uce");
  }

  @Test
  void variantsOfOneMethodAreNoComparison() {
    FakeRunner runner = new FakeRunner();
    run(runner, 2, EraseEach.ways(EraseRecipe.DEFAULT, true).toArray(Way[]::new));
    assertThat(runner.measured).hasSize(16);
    assertThat(MethodCost.find(runner.measured.stream().map(EvalRequest::out).toList())).isEmpty();
  }
}
