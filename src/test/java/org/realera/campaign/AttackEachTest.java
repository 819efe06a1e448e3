package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.checkpoint.ModelRef;
import org.realera.config.AttackReader;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.eval.Drawn;
import org.realera.eval.attack.AttackRequest;
import org.realera.eval.attack.AttackSummary;
import org.realera.eval.attack.PromptBooks;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.ComputeChoice;

/** Which erasures and attacks a table of methods is made of. */
class AttackEachTest {
  private static final ComputeChoice BF16 = ComputeChoice.of("cpu", "bf16");

  @TempDir private Path folder;

  private static final class FakeRunner implements Runner {
    final List<Path> erased = new ArrayList<>();
    final List<EraseRequest> requests = new ArrayList<>();
    final List<AttackRequest> attacked = new ArrayList<>();
    @Nullable String refused;

    @Override
    public EraseResult erase(EraseRequest request, Progress progress) {
      Path out = request.out();
      erased.add(out);
      requests.add(request);
      return new EraseResult(out, out, out, Map.of(), 1, false);
    }

    @Override
    public @Nullable AttackSummary attack(
        AttackRequest request, ComputeChoice compute, Progress progress) {
      if (request.victim().label().equals(refused)) {
        throw RealeraException.usage("it can't be attacked", "Leave it.");
      }
      assertThat(compute).isEqualTo(BF16);
      attacked.add(request);
      return null;
    }
  }

  /** Every shard in its turn: a whole campaign would read the runs back, and here are none. */
  private void run(FakeRunner runner, int shards, MethodName... methods) {
    for (int i = 1; i <= shards; i++) {
      assertThat(of(runner, new Shard(i, shards), methods).run()).isNull();
    }
  }

  private AttackEach of(FakeRunner runner, Shard shard, MethodName... methods) {
    return of(
        runner,
        shard,
        Stream.of(methods)
            .map(method -> Way.of(RecipeReader.builtIn("object", method, List.of())))
            .toList());
  }

  private AttackEach of(FakeRunner runner, Shard shard, List<Way> ways) {
    Suite suite = SuiteReader.read("cifar10-pocket");
    ModelRef model = new ModelRef("pocket", Path.of("/m"));
    Campaign.Setting setting =
        new Campaign.Setting(
            suite,
            model,
            new ModelRef("scorer", Path.of("/s")),
            Drawn.AS_THE_SUITE_SAYS.withSteps(7),
            BF16,
            shard,
            folder);
    return new AttackEach(
        new Campaign(setting, runner, Progress.NONE),
        List.of(new ConceptPair("cat", "sky"), new ConceptPair("ship", "ground")),
        ways,
        new AttackEach.Asked(
            List.of(AttackName.PROBE),
            AttackReader.builtIn("pocket"),
            Map.of(
                "cat",
                PromptBooks.shipped(suite, "cat", 3),
                "ship",
                PromptBooks.shipped(suite, "ship", 3))));
  }

  private List<String> relative(List<Path> paths) {
    return paths.stream().map(path -> folder.relativize(path).toString()).toList();
  }

  @Test
  void eachConceptIsErasedByEachMethodAndTheModelAttacked() {
    FakeRunner runner = new FakeRunner();
    run(runner, 2, MethodName.UCE, MethodName.RECE);
    assertThat(relative(runner.erased))
        .containsExactly(
            "models/cat-uce", "models/cat-rece", "models/ship-uce", "models/ship-rece");
    assertThat(relative(runner.attacked.stream().map(AttackRequest::out).toList()))
        .containsExactly(
            "attacks/cat-uce", "attacks/cat-rece", "attacks/ship-uce", "attacks/ship-rece");
    assertThat(runner.attacked)
        .allSatisfy(
            request -> {
              assertThat(request.victim().baseline())
                  .isEqualTo(new ModelRef("pocket", Path.of("/m")));
              assertThat(request.sampler().steps()).isEqualTo(7);
              assertThat(request.plan().prompts().base()).hasSize(3);
            });
  }

  @Test
  void eachModelIsErasedWithItsAnchorAndAttackedForItsConcept() {
    FakeRunner runner = new FakeRunner();
    run(runner, 2, MethodName.UCE);
    assertThat(runner.requests)
        .extracting(EraseRequest::recipe)
        .allSatisfy(recipe -> assertThat(recipe.method()).isEqualTo(MethodName.UCE))
        .extracting(EraseRecipe::concepts)
        .containsExactly(
            List.of(new ConceptPair("cat", "sky")), List.of(new ConceptPair("ship", "ground")));
    assertThat(runner.attacked)
        .extracting(
            request ->
                String.join(
                    " ",
                    request.victim().model().name(),
                    request.concept(),
                    request.anchor(),
                    request.victim().label(),
                    request.plan().prompts().base().get(0).text()))
        .containsExactly(
            "cat-uce cat sky UCE a photo of the cat",
            "ship-uce ship ground UCE a photo of the ship");
    assertThat(runner.attacked)
        .allSatisfy(
            request -> {
              assertThat(request.scorer()).isEqualTo(new ModelRef("scorer", Path.of("/s")));
              assertThat(request.plan().attacks()).containsExactly(AttackName.PROBE);
              assertThat(request.plan().settings()).isEqualTo(AttackReader.builtIn("pocket"));
            });
  }

  /** What trains takes hours: no model is made twice. */
  @Test
  void aShardMakesWholeModelsOfItsOwnAndAttacksThemFromAllPrompts() {
    MethodName[] methods = {MethodName.UCE, MethodName.RECE, MethodName.MACE};
    FakeRunner second = new FakeRunner();
    AttackEach each = of(second, new Shard(2, 4), methods);
    assertThat(each.models()).containsExactly("ship-uce", "ship-mace");
    assertThat(each.run()).isNull();
    assertThat(relative(second.erased)).containsExactly("models/ship-uce", "models/ship-mace");
    assertThat(second.attacked)
        .hasSize(2)
        .extracting(AttackRequest::shard)
        .allMatch(Shard::isWhole, "all prompts");
    FakeRunner all = new FakeRunner();
    run(all, 4, methods);
    assertThat(all.erased).hasSize(6).doesNotHaveDuplicates();
  }

  @Test
  void spmIsAttackedWithTheAdaptersOfWhatWasErased() {
    FakeRunner runner = new FakeRunner();
    run(runner, 2, MethodName.UCE, MethodName.SPM);
    assertThat(runner.attacked)
        .extracting(request -> request.victim().model().name())
        .containsExactly("cat-uce", "cat-spm", "ship-uce", "ship-spm");
    assertThat(runner.attacked)
        .extracting(request -> request.victim().spm())
        .containsExactly(
            null, folder.resolve("models/cat-spm"), null, folder.resolve("models/ship-spm"));
  }

  @Test
  void moreShardsThanModelsAreRefused() {
    FakeRunner runner = new FakeRunner();
    assertThatThrownBy(of(runner, new Shard(3, 3), MethodName.UCE)::run)
        .hasMessage("nothing is left for shard 3/3: there are 2 models to make");
    assertThat(runner.erased).isEmpty();
  }

  @Test
  void laterMethodsTakeTheImagesByTheOriginalFromTheShardsFirstOfTheConcept() {
    FakeRunner runner = new FakeRunner();
    MethodName[] methods = {MethodName.UCE, MethodName.RECE, MethodName.MACE, MethodName.SPEED};
    of(runner, new Shard(1, 3), methods).run();
    assertThat(relative(runner.erased))
        .containsExactly("models/cat-uce", "models/ship-rece", "models/cat-speed");
    assertThat(runner.attacked)
        .extracting(AttackRequest::twin)
        .containsExactly(null, null, folder.resolve("attacks/cat-uce"));
  }

  @Test
  void aConceptThatARecipeHoldsIsKnownBeforeAnyOtherIsErased() {
    FakeRunner runner = new FakeRunner();
    Way holds = Way.of(RecipeReader.builtIn("object", MethodName.UCE, List.of("preserve=[ship]")));
    AttackEach each = of(runner, Shard.WHOLE, List.of(holds));
    String why = "UCE on ship: preserve has \"ship\", which is also a concept to erase";
    assertThatThrownBy(each::models).hasMessage(why);
    assertThatThrownBy(each::run).hasMessage(why);
    assertThat(runner.erased).isEmpty();
  }

  @Test
  void whatFailsIsNamedWithItsConcept() {
    FakeRunner runner = new FakeRunner();
    runner.refused = "RECE";
    assertThatThrownBy(() -> run(runner, 2, MethodName.UCE, MethodName.RECE))
        .hasMessage("RECE on cat: it can't be attacked");
  }
}
