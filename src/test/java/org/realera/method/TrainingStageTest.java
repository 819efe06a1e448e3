package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.realera.config.TrainingNumbers;
import org.realera.tensor.Edits;
import org.realera.tensor.NativeFloats;
import org.realera.training.Gradients;
import org.realera.training.Trainable;
import org.realera.training.TrainingSettings;

class TrainingStageTest extends TinyModelTests {
  private static final String BIAS = "conv_out.bias";
  private static final Offset<Float> WITHIN = Offset.offset(1e-5f);

  private record Numbers(int steps, double learningRate, int checkpointEvery)
      implements TrainingNumbers {}

  private final AtomicReference<Trainable> theta = new AtomicReference<>();

  private Edits whole(RecordingRun run) {
    TrainingSettings settings = TrainingSettings.of(new Numbers(2, 0.25, 1), 2, "Learn less.");
    return TrainingStage.whole(model, BIAS::equals, settings, this::ones, run, scope);
  }

  private Gradients ones(int step, Trainable trained) {
    theta.set(trained);
    Gradients ones = new Gradients();
    ones.addLoss(step);
    ones.values().put(BIAS, NativeFloats.of(1, 1, 1, 1));
    return ones;
  }

  @Test
  void aWholeTrainingIsAStageWithAStateAndWhatCameOfIt() throws IOException {
    RecordingRun run = new RecordingRun(folder("state"));
    Edits edits = whole(run);
    assertThat(run.begun).containsExactly(Stage.TRAINING);
    assertThat(run.ended).containsExactly(Stage.TRAINING);
    assertThat(run.losses).containsExactly(1.0, 2.0);
    assertThat(run.folder().resolve("training.safetensors")).isRegularFile();
    assertThat(edits.tensors()).containsOnlyKeys(BIAS);
    List<Float> before = floats(model.unetWeights().read(BIAS, scope));
    List<Float> after = floats(edits.tensors().get(BIAS));
    for (int i = 0; i < before.size(); i++) {
      assertThat(before.get(i) - after.get(i)).isCloseTo(0.5f, WITHIN);
    }
  }

  /** The images of the report would have the moments of a whole U-Net beside them. */
  @Test
  void onlyTheTrainedTensorsOutliveIt() throws IOException {
    Edits edits = whole(new RecordingRun(folder("state")));
    NativeFloats row = theta.get().parameters().get(BIAS);
    NDArray trained = edits.tensors().get(BIAS);
    assertThatThrownBy(() -> row.tensor(trained.getShape(), scope))
        .isInstanceOf(IllegalStateException.class);
    assertThat(floats(trained)).hasSize(4).allMatch(Float::isFinite);
  }

  @Test
  void numbersThatARecipeLacksAreZero() {
    TrainingSettings settings = TrainingSettings.of(new Numbers(2, 0.25, 7), 6, "Learn less.");
    assertThat(settings.optimizer().learningRate()).isEqualTo(0.25);
    assertThat(settings.optimizer().weightDecay()).isZero();
    assertThat(settings.maxGradNorm()).isZero();
    assertThat(settings.steps()).isEqualTo(6);
    assertThat(settings.saveEvery()).isEqualTo(7);
  }
}
