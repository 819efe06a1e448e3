package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.eval.suite.ScorerKind;
import org.realera.golden.Golden;
import org.realera.golden.SilentFile;
import org.realera.scorer.Scorer;
import org.realera.scorer.ScorerGolden;
import org.realera.scorer.Scorers;
import org.realera.scorer.face.CelebrityFile;
import org.realera.tensor.ComputeChoice;

class EngineAttackBackendTest {
  @TempDir private Path folder;

  /** Of the model and of its baseline, and once if they are the same. */
  @Test
  void aPredictionThatHadToBeGuessedIsTold() throws IOException {
    Path silent = folder.resolve("silent.safetensors");
    Path said = folder.resolve("said.safetensors");
    SilentFile.write(silent, said);
    String told = silent + " does not say what it predicts";
    assertThat(notes(said, said)).isEmpty();
    for (List<String> notes : List.of(notes(said, silent), notes(silent, said))) {
      assertThat(notes).singleElement().asString().startsWith(told);
    }
    assertThat(notes(silent, silent)).hasSize(1);
    assertThat(notes(silent, null)).hasSize(1);
  }

  private List<String> notes(Path model, @Nullable Path baseline) {
    AttackRequest request =
        AttackLine.PLAIN
            .model(model.toString())
            .baseline(baseline == null ? null : baseline.toString())
            .to(folder.resolve("run"));
    List<String> notes = new ArrayList<>();
    new EngineAttackBackend(ComputeChoice.of("cpu", "fp32")).open(request, notes::add).close();
    return notes;
  }

  /** No image could ever count as someone whom the detector does not know. */
  @Test
  void aPersonWhomTheDetectorDoesNotKnowIsRefused() {
    Path detector = folder.resolve("celebrity.safetensors");
    CelebrityFile.write(
        detector,
        ScorerGolden.json("celebrity/resnet.json"),
        "[\"Tom Cruise\",\"B\",\"C\",\"D\",\"E\",\"F\",\"G\",\"H\",\"I\",\"J\"]");
    EngineAttackBackend backend = new EngineAttackBackend(ComputeChoice.of("cpu", "fp32"));
    backend.scorer(detector, judge(ScorerKind.CELEBRITY, "tom cruise", List.of())).close();
    JudgeInfo stranger = judge(ScorerKind.CELEBRITY, "Amy Poehler", List.of());
    assertThatThrownBy(() -> backend.scorer(detector, stranger))
        .isInstanceOf(RealeraException.class)
        .hasMessage("the celebrity detector does not know 'Amy Poehler'");
  }

  /** Verdicts are compared between machines. */
  @Test
  void scorersComputeInFullPrecisionWhateverModelsDo() {
    Path clip = Golden.path("tiny-scorer");
    List<String> prompts = List.of("a cat", "the sky");
    Image image = ScorerGolden.photograph("astronaut");
    List<Scorer.Shown> shown = List.of(new Scorer.Shown(image, "000.png", "", "cat"));
    JudgeInfo judge = judge(ScorerKind.CLIP_CLASSIFIER, "cat", prompts);
    try (Scorer half =
            new EngineAttackBackend(ComputeChoice.of("cpu", "bf16")).scorer(clip, judge);
        Scorer full = Scorers.classifier(clip, prompts, Scorers.compute("cpu"))) {
      assertThat(half.score(shown)).isEqualTo(full.score(shown));
    }
  }

  private static JudgeInfo judge(ScorerKind kind, String subject, List<String> prompts) {
    return new JudgeInfo(kind, "scorer", "1a", subject, prompts, prompts, null);
  }
}
