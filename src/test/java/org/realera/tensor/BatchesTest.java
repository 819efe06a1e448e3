package org.realera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class BatchesTest {
  private final List<String> told = new ArrayList<>();
  private final Batches batches = new Batches("pictures", told::add);
  private final List<Integer> done = new ArrayList<>();
  private final List<Integer> sizes = new ArrayList<>();

  /** A device that holds so many and no more. */
  private Consumer<List<Integer>> room(int most) {
    return some -> {
      sizes.add(some.size());
      if (some.size() > most) {
        throw EngineErrors.translate(
            "unet.py, forward",
            new EngineException(
                "Traceback\nRuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB."));
      }
      done.addAll(some);
    };
  }

  private static List<Integer> items(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "64, 1, 8", // 512 x 512 of SD v1.4
    "96, 1, 3", // 768 x 768 of SD v2.1
    "16, 16, 128", // the pocket model
    "128, 1, 2",
    "256, 1, 1"
  })
  void largeLatentsGoOneByOneOnACpu(long side, int onCpu, int onGpu) {
    assertThat(Batches.suiting(Device.cpu(), side * side)).isEqualTo(onCpu);
    assertThat(Batches.suiting(Device.gpu(), side * side)).isEqualTo(onGpu);
  }

  @Test
  void partsAreOfOneSizeAndTheLastIsWhatIsLeft() {
    assertThat(Batches.parts(items(5), 2))
        .containsExactly(List.of(0, 1), List.of(2, 3), List.of(4));
    assertThat(Batches.parts(items(4), 2)).containsExactly(List.of(0, 1), List.of(2, 3));
    assertThat(Batches.parts(List.of(), 2)).isEmpty();
  }

  @Test
  void whatFitsIsDoneAtOnce() {
    batches.run(items(8), room(8));
    assertThat(sizes).containsExactly(8);
    assertThat(told).isEmpty();
  }

  @Test
  void aBatchThatDoesNotFitIsHalvedUntilItDoesAndThatIsSaid() {
    batches.run(items(8), room(3));
    assertThat(done).isEqualTo(items(8));
    assertThat(sizes).containsExactly(8, 4, 2, 2, 2, 2);
    assertThat(told)
        .containsExactly(
            "out of memory with 8 pictures at a time: going on with 4",
            "out of memory with 4 pictures at a time: going on with 2");
  }

  @Test
  void theNextBatchStartsWithWhatFitted() {
    batches.run(items(8), room(4));
    sizes.clear();
    batches.run(items(8), room(4));
    assertThat(sizes).containsExactly(4, 4);
  }

  @Test
  void notEvenOneIsAnErrorThatSaysWhatToDo() {
    assertThatThrownBy(() -> batches.run(items(5), room(0)))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.RESOURCES);
              assertThat(e.remedy()).contains("--dtype").contains("--device cpu");
            })
        .hasMessageContaining("out of memory with a single one of the pictures")
        .hasMessageContaining("Tried to allocate 2.00 GiB");
    assertThat(sizes).containsExactly(5, 2, 1);
  }

  @Test
  void libtorchsOwnExceptionsCountAsWell() {
    List<Integer> seen = new ArrayList<>();
    batches.run(
        items(2),
        some -> {
          if (some.size() > 1) {
            throw new EngineException("DefaultCPUAllocator: can't allocate memory: 12 bytes");
          }
          seen.addAll(some);
        });
    assertThat(seen).isEqualTo(items(2));
  }

  @Test
  void otherFailuresAreNotTriedAgain() {
    RealeraException disk = new RealeraException(Kind.RESOURCES, "no space left", "Free some.");
    assertThatThrownBy(
            () ->
                batches.run(
                    items(4),
                    some -> {
                      sizes.add(some.size());
                      throw disk;
                    }))
        .isSameAs(disk);
    assertThat(sizes).containsExactly(4);
  }
}
