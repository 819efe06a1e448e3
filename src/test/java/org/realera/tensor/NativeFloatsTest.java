package org.realera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Numbers outside Java's heap. */
class NativeFloatsTest {
  private NDManager scope;

  @BeforeEach
  void open() {
    Engine.init();
    scope = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void blocksAreReadAndWrittenAndTheLastOneIsShort() {
    NativeFloats row = NativeFloats.zeros(NativeFloats.BLOCK + 2L);
    float[] block = new float[NativeFloats.BLOCK];
    assertThat(row.read(0, block)).isEqualTo(NativeFloats.BLOCK);
    assertThat(row.read(NativeFloats.BLOCK, block)).isEqualTo(2);
    row.write(NativeFloats.BLOCK, new float[] {3, 4, 5}, 2);
    assertThat(row.toArray()).hasSize(NativeFloats.BLOCK + 2).endsWith(0, 3, 4);
    row.write(1, new float[] {0.5f}, 1);
    assertThat(row.sum()).isEqualTo(7.5);
    assertThat(row.size()).isEqualTo(NativeFloats.BLOCK + 2);
  }

  /** As a gradient may come: transposed, or of another type. */
  @Test
  void anArrayIsCopiedRowByRowHoweverItLies() {
    NDArray matrix = scope.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
    NativeFloats row = NativeFloats.copyOf(matrix.transpose());
    assertThat(row.toArray()).containsExactly(1, 4, 2, 5, 3, 6);
    row.add(matrix.transpose());
    assertThat(row.toArray()).containsExactly(2, 8, 4, 10, 6, 12);
    row.set(matrix.toType(DataType.FLOAT16, true));
    assertThat(row.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    NativeFloats strided = NativeFloats.copyOf(matrix.get(":, 1"));
    assertThat(strided.toArray()).containsExactly(2, 5);
    assertThat(matrix.toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void anArrayOfAnotherSizeIsRefused() {
    NativeFloats row = NativeFloats.zeros(2);
    NDArray three = scope.ones(new Shape(3));
    assertThatThrownBy(() -> row.set(three)).hasMessage("3 numbers for 2");
    assertThatThrownBy(() -> row.add(three)).hasMessage("3 numbers for 2");
  }

  @Test
  void oneNumberThatIsNotFiniteIsSeenWhereverItStands() {
    int[] places = {0, NativeFloats.BLOCK - 1, NativeFloats.BLOCK, NativeFloats.BLOCK + 1};
    for (int place : places) {
      NativeFloats row = NativeFloats.zeros(NativeFloats.BLOCK + 2L);
      assertThat(row.isFinite()).isTrue();
      row.write(place, new float[] {Float.NEGATIVE_INFINITY}, 1);
      assertThat(row.isFinite()).as("at " + place).isFalse();
    }
  }

  @Test
  void aTensorIsTheSameMemoryAndOutlivesTheRow() {
    NativeFloats row = NativeFloats.of(1, 2, 3, 4);
    NDArray tensor = row.tensor(new Shape(2, 2), scope);
    row.write(3, new float[] {9}, 1);
    row.close();
    row.close();
    assertThat(tensor.getShape()).isEqualTo(new Shape(2, 2));
    assertThat(tensor.toFloatArray()).containsExactly(1, 2, 3, 9);
    assertThatThrownBy(row::toArray).hasMessage("the row is closed");
    assertThatThrownBy(() -> row.write(0, new float[1], 1)).hasMessage("the row is closed");
    assertThatThrownBy(() -> row.set(tensor)).hasMessage("the row is closed");
  }

  /** A tensor that is closed takes nothing of the row with it. */
  @Test
  void aRowOutlivesItsTensors() {
    NativeFloats row = NativeFloats.of(1, 2);
    try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
      row.tensor(new Shape(2), inner).muli(2);
    }
    assertThat(row.toArray()).containsExactly(2, 4);
  }
}
