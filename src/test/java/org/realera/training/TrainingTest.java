package org.realera.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.erase.StateFolder;
import org.realera.safetensors.DType;
import org.realera.safetensors.TensorInfo;
import org.realera.tensor.NativeFloats;

/** A training under way: what it counts, when it saves and what goes on after a break. */
class TrainingTest {
  private static final String LAYER = "down.transformer_blocks.0.attn2.to_k";
  private static final AdamW.Settings SETTINGS = AdamW.Settings.of(0.01, 0.01);

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("state.safetensors");
  }

  private static LoraAdapters fresh() {
    TensorInfo weight = new TensorInfo(LAYER + ".weight", DType.F32, List.of(3L, 5L));
    return LoraAdapters.init(Map.of(weight.name(), weight), List.of("attn2.to_k"), 2, 4, 1);
  }

  private Training begin(int steps, int saveEvery) {
    return begin("state", settings(steps, saveEvery));
  }

  private Training begin(String name, TrainingSettings settings) {
    return Training.begin(new StateFolder(folder), name, fresh(), settings);
  }

  private static TrainingSettings settings(int steps, int saveEvery) {
    return new TrainingSettings(
        "the test", "Learn less.", SETTINGS, Schedule.CONSTANT, 0, steps, saveEvery);
  }

  /** One step of the optimizer on gradients that are all one. */
  private static void step(Training training, double loss) {
    training.step(ones(training.trained(), loss));
  }

  private static Gradients ones(Trainable trained, double loss) {
    Gradients gradients = new Gradients();
    gradients.addLoss(loss);
    trained
        .parameters()
        .forEach(
            (name, values) -> {
              float[] ones = new float[(int) values.size()];
              Arrays.fill(ones, 1);
              gradients.values().put(name, NativeFloats.of(ones));
            });
    return gradients;
  }

  @Test
  void withoutAFileItBeginsAfresh() {
    Training training = begin(5, 2);
    assertThat(training.step()).isZero();
    assertThat(training.losses()).isEmpty();
    assertThat(training.optimizer().steps()).isZero();
    assertThat(((LoraAdapters) training.trained()).rank()).isEqualTo(2);
    assertThat(file).doesNotExist();
  }

  @Test
  void itSavesEverySoManyStepsAndAfterTheLast() throws Exception {
    Training training = begin(5, 2);
    int[] saved = new int[6];
    for (int i = 1; i <= 5; i++) {
      step(training, i);
      saved[i] = Files.exists(file) ? begin(5, 2).step() : 0;
    }
    assertThat(saved).containsExactly(0, 0, 2, 2, 4, 5);
  }

  @Test
  void whoeverStopsItSavesAndReadsWhere() {
    Training training = begin(50, 20);
    step(training, 0.5);
    training.save();
    assertThat(begin(50, 20).step()).isEqualTo(1);
    assertThat(training.where()).isEqualTo("step 1 of 50 is saved in " + folder);
  }

  /** Of a whole U-Net that is 10 GB, which the garbage collector does not see. */
  @Test
  void closedItKeepsNeitherParametersNorMoments() {
    Training training = begin(1, 1);
    step(training, 0.5);
    training.close();
    assertThat(training.optimizer().firstMoments()).hasSize(2);
    assertThat(
            Stream.of(
                    training.trained().parameters(),
                    training.optimizer().firstMoments(),
                    training.optimizer().secondMoments())
                .flatMap(rows -> rows.values().stream()))
        .allSatisfy(TrainingTest::assertFreed);
  }

  private static void assertFreed(NativeFloats row) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThatThrownBy(() -> row.tensor(new Shape(row.size()), scope))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aTrainingThatWasBrokenOffGoesOnAsIfItHadNotBeen() {
    Training straight = begin("other", settings(6, 100));
    for (int i = 1; i <= 6; i++) {
      step(straight, i);
      step(begin(6, 1), i);
    }
    Training resumed = begin(6, 1);
    assertThat(resumed.losses()).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    assertThat(resumed.optimizer().steps()).isEqualTo(6);
    straight
        .trained()
        .parameters()
        .forEach(
            (name, values) ->
                assertThat(resumed.trained().parameters().get(name).toArray())
                    .isEqualTo(values.toArray()));
  }

  private static final class Watched implements Task {
    final List<Long> steps = new ArrayList<>();
    final List<String> saved = new ArrayList<>();
    final int stopAfter;

    Watched(int stopAfter) {
      this.stopAfter = stopAfter;
    }

    @Override
    public void step(long done, double loss) {
      steps.add(done);
    }

    @Override
    public boolean stopRequested() {
      return steps.size() >= stopAfter;
    }

    @Override
    public void saved(String what) {
      saved.add(what);
    }

    @Override
    public void stop() {
      throw new IllegalStateException("stopped");
    }

    @Override
    public void end(String summary) {
      throw new AssertionError("a training is the caller's to end");
    }

    @Override
    public void close() {
      throw new AssertionError("a training is the caller's to close");
    }
  }

  @Test
  void theLoopStopsBetweenTwoStepsAndGoesOnFromThere() {
    Training straight = begin("other", settings(5, 100));
    straight.run(new Watched(99), 0, (t, trained) -> ones(trained, t));
    Watched first = new Watched(2);
    assertThatThrownBy(() -> begin(5, 100).run(first, 0, (t, trained) -> ones(trained, t)))
        .hasMessage("stopped");
    assertThat(first.saved).containsExactly("step 2 of 5 is saved in " + folder);
    Watched second = new Watched(99);
    Training resumed = begin(5, 100);
    resumed.run(second, 100, (t, trained) -> ones(trained, t));
    assertThat(second.steps).containsExactly(103L, 104L, 105L);
    assertThat(second.saved).containsExactly("step 5 of 5 is saved in " + folder);
    assertThat(resumed.losses()).isEqualTo(straight.losses());
    straight
        .trained()
        .parameters()
        .forEach(
            (name, values) ->
                assertThat(resumed.trained().parameters().get(name).toArray())
                    .isEqualTo(values.toArray()));
  }

  @Test
  void aGradientThatIsNotFiniteIsNamedAndNothingOfItsStepIsSaved() {
    Training training = begin(5, 1);
    step(training, 0.5);
    Gradients broken = ones(training.trained(), 0.5);
    broken.values().get(LAYER + ".lora_B").write(2, new float[] {Float.NaN}, 1);
    assertThatThrownBy(() -> training.step(broken))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.remedy()).isEqualTo("Learn less."))
        .hasMessage(
            "the test diverged at step 2: loss 0.5, gradient norm NaN; NaN or infinity in the"
                + " gradient of "
                + LAYER
                + ".lora_B");
    assertThat(begin(5, 1).step()).isEqualTo(1);
  }

  @Test
  void aParameterThatOverflowsIsNamedAndNothingOfItsStepIsSaved() {
    var wild = AdamW.Settings.of(1e38, 1e10);
    Training training =
        begin("state", new TrainingSettings("the test", "", wild, Schedule.CONSTANT, 0, 5, 1));
    assertThatThrownBy(() -> step(training, 0.5))
        .isInstanceOf(RealeraException.class)
        .hasMessageStartingWith("the test diverged at step 1: loss 0.5, gradient norm 4")
        .hasMessageEndingWith("; NaN or infinity in " + LAYER + ".lora_A");
    assertThat(file).doesNotExist();
  }

  /** As torch leaves alone what has no grad. */
  @Test
  void aParameterWithoutAGradientStaysAsItIs() {
    Training training = begin(5, 1);
    Gradients some = ones(training.trained(), 0.5);
    some.values().remove(LAYER + ".lora_A");
    float[] before = training.trained().parameters().get(LAYER + ".lora_A").toArray();
    training.step(some);
    assertThat(training.trained().parameters().get(LAYER + ".lora_A").toArray()).isEqualTo(before);
    assertThat(training.trained().parameters().get(LAYER + ".lora_B").toArray()).doesNotContain(0);
    Gradients foreign = ones(training.trained(), 0.5);
    foreign.values().put("other", NativeFloats.zeros(1));
    assertThatThrownBy(() -> training.step(foreign)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> training.step(new Gradients()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** diffusers' get_cosine_with_hard_restarts_schedule_with_warmup(2, 10, 2), steps 0 to 10. */
  @Test
  void theCosineRisesFallsAndStartsAgain() {
    Schedule schedule = Schedule.cosineWithRestarts(2, 10, 2);
    double half = 0.5 + Math.sqrt(0.125);
    double[] expected = {0, 0.5, 1, half, 0.5, 1 - half, 1, half, 0.5, 1 - half, 0};
    for (int i = 0; i < expected.length; i++) {
      assertThat(schedule.factor(i + 1))
          .as("step " + (i + 1))
          .isCloseTo(expected[i], within(1e-12));
    }
    assertThat(Schedule.CONSTANT.factor(7)).isEqualTo(1);
  }

  @Test
  void theScheduleScalesTheStep() {
    var half = new TrainingSettings("the test", "", SETTINGS, step -> 0.5, 0, 5, 1);
    Training slow = begin("slow", half);
    Training fast = begin(5, 1);
    step(slow, 1);
    step(fast, 1);
    float there = fast.trained().parameters().get(LAYER + ".lora_B").toArray()[0];
    assertThat(slow.trained().parameters().get(LAYER + ".lora_B").toArray()[0])
        .isCloseTo(there / 2, within(1e-8f));
  }

  @Test
  void theSummaryComparesTheFirstAndTheLastLosses() {
    assertThat(Training.summary(List.of(3.0)))
        .isEqualTo("1 steps, loss 3.00 (mean of the first 1) to 3.00 (of the last 1)");
    List<Double> eight = DoubleStream.of(8, 7, 6, 5, 4, 3, 2, 1).boxed().toList();
    assertThat(Training.summary(eight))
        .isEqualTo("8 steps, loss 7.50 (mean of the first 2) to 1.50 (of the last 2)");
    List<Double> many =
        IntStream.rangeClosed(1, 200).mapToObj(i -> i <= 100 ? 0.25 : 0.125).toList();
    assertThat(Training.summary(many))
        .isEqualTo("200 steps, loss 0.250 (mean of the first 20) to 0.125 (of the last 20)");
    assertThat(Training.summary(Collections.nCopies(200, 1e-5))).contains("1.00e-05");
  }
}
