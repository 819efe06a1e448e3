package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.checkpoint.ModelRef;
import org.realera.config.AttackReader;
import org.realera.config.ConceptPair;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.eval.attack.AttackRequest;
import org.realera.eval.attack.AttackSummary;
import org.realera.eval.attack.PromptBooks;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.ComputeChoice;

/** Which erasures and attacks a table of methods is made of. */
class AttackEachTest {
  @TempDir private Path folder;

  private static final class FakeRunner implements Runner {
    final List<Path> erased = new ArrayList<>();
    final List<AttackRequest> attacked = new ArrayList<>();
    @Nullable String refused;

    @Override
    public EraseResult erase(EraseRequest request, Progress progress) {
      Path out = request.out();
      erased.add(out);
      return new EraseResult(out, out, out, Map.of(), 1, false);
    }

    @Override
    public @Nullable AttackSummary attack(
        AttackRequest request, ComputeChoice compute, Progress progress) {
      if (request.label().equals(refused)) {
        throw RealeraException.usage("it can't be attacked", "Leave it.");
      }
      attacked.add(request);
      return null;
    }
  }

  private AttackEach of(FakeRunner runner) {
    Suite suite = SuiteReader.read("cifar10-pocket");
    ModelRef model = new ModelRef("pocket", Path.of("/m"));
    Campaign.Setting setting =
        new Campaign.Setting(
            suite,
            model,
            new ModelRef("scorer", Path.of("/s")),
            7,
            null,
            ComputeChoice.of("cpu", "fp32"),
            new Shard(2, 2),
            folder);
    return new AttackEach(
        new Campaign(setting, runner, Progress.NONE),
        List.of(new ConceptPair("cat", "sky"), new ConceptPair("ship", "ground")),
        List.of(
            Way.of(RecipeReader.builtIn("object", MethodName.UCE, List.of())),
            Way.of(RecipeReader.builtIn("object", MethodName.RECE, List.of()))),
        new AttackEach.Asked(
            List.of(AttackName.PROBE),
            AttackReader.builtIn("pocket"),
            Map.of(
                "cat",
                PromptBooks.shipped(suite, "cat", 3),
                "ship",
                PromptBooks.shipped(suite, "ship", 3))));
  }

  @Test
  void eachConceptIsErasedByEachMethodAndTheModelAttacked() {
    FakeRunner runner = new FakeRunner();
    assertThat(of(runner).run()).isNull();
    assertThat(runner.erased)
        .extracting(path -> folder.relativize(path).toString())
        .containsExactly(
            "models/cat-uce", "models/cat-rece", "models/ship-uce", "models/ship-rece");
    assertThat(runner.attacked)
        .extracting(request -> folder.relativize(request.out()).toString())
        .containsExactly(
            "attacks/cat-uce", "attacks/cat-rece", "attacks/ship-uce", "attacks/ship-rece");
    assertThat(runner.attacked)
        .allSatisfy(
            request -> {
              assertThat(request.baseline()).isEqualTo(new ModelRef("pocket", Path.of("/m")));
              assertThat(request.sampler().steps()).isEqualTo(7);
              assertThat(request.shard()).isEqualTo(new Shard(2, 2));
              assertThat(request.prompts().base()).hasSize(3);
            });
  }

  @Test
  void theSecondMethodTakesThePicturesByTheOriginalFromTheFirst() {
    FakeRunner runner = new FakeRunner();
    of(runner).run();
    assertThat(runner.attacked)
        .extracting(AttackRequest::twin)
        .containsExactly(
            null, folder.resolve("attacks/cat-uce"), null, folder.resolve("attacks/ship-uce"));
  }

  @Test
  void whatFailsIsNamedWithItsConcept() {
    FakeRunner runner = new FakeRunner();
    runner.refused = "RECE";
    assertThatThrownBy(() -> of(runner).run()).hasMessage("RECE on cat: it can't be attacked");
  }
}
