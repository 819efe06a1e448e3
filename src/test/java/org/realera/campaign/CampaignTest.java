package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.eval.Drawn;
import org.realera.eval.EvalRequest;
import org.realera.eval.Subject;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.ComputeChoice;

/** What a campaign takes from the suite and from the command line. */
class CampaignTest {
  private static final Suite SUITE =
      SuiteReader.parse(
          """
          name: pets
          prompt: a photo of the {}
          samples: 2
          sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 16, height: 16}
          scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
          concepts: [{name: cat, anchor: sofa}, {name: dog, anchor: lawn}, {name: fish}]
          """,
          "pets");

  @Test
  void theAnchorIsTheOneAskedForOrElseTheSuites() {
    assertThat(Campaign.pair(SUITE, "cat", null)).isEqualTo(new ConceptPair("cat", "sofa"));
    assertThat(Campaign.pair(SUITE, "cat", "sky")).isEqualTo(new ConceptPair("cat", "sky"));
    assertThat(Campaign.pair(SUITE, "fish", "sea")).isEqualTo(new ConceptPair("fish", "sea"));
    assertThatThrownBy(() -> Campaign.pair(SUITE, "fish", null))
        .isInstanceOf(RealeraException.class)
        .hasMessage("suite pets names no anchor for 'fish'");
  }

  @Test
  void severalConceptsHaveTheSuitesAnchorsInTheOrderTheyWereNamed() {
    assertThat(Campaign.pairs(SUITE, List.of("dog", "cat"), "measure"))
        .containsExactly(new ConceptPair("dog", "lawn"), new ConceptPair("cat", "sofa"));
    assertThat(Campaign.pairs(SuiteReader.read("cifar10-pocket"), List.of("all"), "measure"))
        .hasSize(10)
        .contains(new ConceptPair("cat", "sky"), new ConceptPair("ship", "ground"));
  }

  @Test
  void everythingThatAnEvaluationIsAskedForIsTheCampaignsToo() {
    ModelRef model = new ModelRef("pocket", Path.of("/m"));
    ModelRef scorer = new ModelRef("clip", Path.of("/s"));
    Shard shard = new Shard(2, 5);
    Path out = Path.of("/out");
    ComputeChoice compute = ComputeChoice.of("cpu", "bf16");
    Subject subject = new Subject(null, null, null);
    Drawn drawn = new Drawn(9, 7, 1.5, 3, null, null);
    EvalRequest request =
        new EvalRequest(SUITE, model, null, scorer, subject, drawn, shard, out, "test");
    assertThat(Campaign.Setting.of(request, compute))
        .isEqualTo(new Campaign.Setting(SUITE, model, scorer, drawn, compute, shard, out));
    assertThat(Campaign.Setting.of(request.awayFrom("cat", "medium").adapted(out), compute))
        .isEqualTo(Campaign.Setting.of(request, compute))
        .extracting(setting -> setting.drawn().samples())
        .isNull();
  }
}
