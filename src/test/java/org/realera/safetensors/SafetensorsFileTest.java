package org.realera.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.realera.safetensors.SafetensorsBytes.entry;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.golden.Golden;

/** Golden files come from scripts/golden/safetensors_files.py. */
class SafetensorsFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "bool, BOOL, BOOLEAN",
    "u8, U8, UINT8",
    "i32, I32, INT32",
    "i64, I64, INT64",
    "f16, F16, FLOAT16",
    "bf16, BF16, FLOAT32",
    "f32, F32, FLOAT32",
    "f64, F64, FLOAT64"
  })
  void readsEveryDtypeThatPythonWrote(String suffix, DType stored, DataType read) {
    try (SafetensorsFile file = SafetensorsFile.open(golden("every-dtype.safetensors"));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      String name = "every." + suffix;
      assertThat(file.tensors().get(name).dtype()).isEqualTo(stored);
      NDArray array = file.read(name, scope);
      assertThat(array.getDataType()).isEqualTo(read);
      assertThat(array.getShape()).isEqualTo(new Shape(3, 5));
      NDArray count = scope.arange(15).toType(DataType.FLOAT64, false).reshape(3, 5);
      NDArray expected =
          switch (stored) {
            case BOOL -> count.mod(2);
            case U8, I32, I64 -> count;
            default -> count.sub(3).div(4);
          };
      assertThat(array.toType(DataType.FLOAT64, true)).isEqualTo(expected);
    }
  }

  @Test
  void readsScalarsEmptyTensorsAndNamesInAnyScript() {
    try (SafetensorsFile file = SafetensorsFile.open(golden("every-dtype.safetensors"));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThat(file.metadata()).containsEntry("notiz", "\u00fcberall").hasSize(2);
      assertThat(file.read("scalar", scope).getShape()).isEqualTo(new Shape());
      assertThat(file.read("scalar", scope).getFloat()).isEqualTo(-0.75f);
      assertThat(file.read("empty", scope).getShape()).isEqualTo(new Shape(0, 4));
      assertThat(file.read("gr\u00f6\u00dfe/\u91cd\u307f \ud83c\udfa8", scope).toFloatArray())
          .containsExactly(-0.75f, -0.5f);
    }
  }

  @Test
  void readsAFileWithoutTensors() {
    try (SafetensorsFile file = SafetensorsFile.open(golden("no-tensors.safetensors"))) {
      assertThat(file.tensors()).isEmpty();
      assertThat(file.metadata()).isEmpty();
    }
  }

  @Test
  void aTensorThatIsNotThereIsNamedWithTheFile() {
    try (SafetensorsFile file = SafetensorsFile.open(golden("no-metadata.safetensors"));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThatThrownBy(() -> file.read("nope", scope))
          .isInstanceOf(RealeraException.class)
          .hasMessageEndingWith("no-metadata.safetensors: it has no tensor nope");
    }
  }

  @Test
  void readsTensorsThatAreNotAlignedToTheirElementSize() {
    ByteBuffer data = ByteBuffer.allocate(13).order(ByteOrder.LITTLE_ENDIAN);
    data.put((byte) 7).putFloat(1.5f).putFloat(-2).putFloat(0.25f);
    String header =
        "{%s,%s}".formatted(entry("a", "U8", "[1]", 0, 1), entry("b", "F32", "[3]", 1, 13));
    Path path = SafetensorsBytes.write(folder, SafetensorsBytes.file(header, data.array()));
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThat(file.read("b", scope).toFloatArray()).containsExactly(1.5f, -2, 0.25f);
    }
  }

  @Test
  void widensLongBf16TensorsPieceByPiece() throws IOException {
    int count = (9 << 20) + 5;
    ByteBuffer data = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      data.putShort((short) (i % 0x7f80)); // finite bit patterns
    }
    String header = "{" + entry("w", "BF16", "[" + count + "]", 0, 2L * count) + "}";
    Path path = SafetensorsBytes.write(folder, SafetensorsBytes.file(header, data.array()));
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      float[] values = file.read("w", scope).toFloatArray();
      for (int i = 0; i < count; i += 4099) {
        assertThat(Float.floatToRawIntBits(values[i])).isEqualTo((i % 0x7f80) << 16);
      }
      assertThat(Float.floatToRawIntBits(values[count - 1]))
          .isEqualTo(((count - 1) % 0x7f80) << 16);
    }
  }

  @Test
  void copiesWhatItReads() {
    try (SafetensorsFile file = SafetensorsFile.open(golden("every-dtype.safetensors"));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThat(file.tensors()).hasSizeGreaterThan(9);
      for (String name : file.tensors().keySet()) {
        NDArray copy = file.stored(name).copy(scope);
        NDArray read = file.read(name, scope);
        assertThat(copy.getDataType()).as(name).isEqualTo(read.getDataType());
        assertThat(copy).as(name).isEqualTo(read);
      }
    }
  }

  @Test
  void copiesLongTensorsPieceByPiece() {
    byte[] data = new byte[(9 << 20) + 5];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i % 251);
    }
    String header = "{" + entry("w", "U8", "[" + data.length + "]", 0, data.length) + "}";
    Path path = SafetensorsBytes.write(folder, SafetensorsBytes.file(header, data));
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThat(file.stored("w").copy(scope).toByteArray()).isEqualTo(data);
    }
  }

  @Test
  void copiesATensorsBytesAsTheyAre() throws IOException {
    Path path = golden("no-metadata.safetensors");
    byte[] all = Files.readAllBytes(path);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      file.copyBytes("x", Channels.newChannel(bytes));
    }
    assertThat(bytes.toByteArray())
        .isEqualTo(java.util.Arrays.copyOfRange(all, all.length - 24, all.length));
  }

  /** A sparse file: 3 GiB on paper, a few kilobytes on disk. */
  @Test
  void readsBehindTensorsBeyondTwoGibibytes() throws IOException {
    long big = 5L << 29; // 2.5 GiB
    String header =
        "{%s,%s,%s}"
            .formatted(
                entry("a.big", "U8", "[5, 536870912]", 0, big),
                entry("b.far", "F32", "[2]", big, big + 8),
                entry("c.far", "BF16", "[1]", big + 8, big + 10));
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    Path path = SafetensorsBytes.write(folder, SafetensorsBytes.file(header, new byte[0]));
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(8 + json.length + big);
      ByteBuffer end = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
      file.write(end.putFloat(3.5f).putFloat(-1).putShort((short) 0x3f80).array());
    }
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThat(file.tensors().get("a.big").byteSize()).isEqualTo(big);
      assertThat(file.read("b.far", scope).toFloatArray()).containsExactly(3.5f, -1);
      assertThat(file.read("c.far", scope).toFloatArray()).containsExactly(1);
    }
  }

  @Test
  @Tag("full-size") // takes 2.5 GiB of memory
  void readsAndCopiesATensorBeyondTwoGibibytes() throws IOException {
    long rows = 5L << 20;
    String header = "{" + entry("w", "U8", "[" + rows + ", 512]", 0, rows * 512) + "}";
    Path path = SafetensorsBytes.write(folder, SafetensorsBytes.file(header, new byte[0]));
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(8 + header.length() + rows * 512 - 1);
      file.write(7);
    }
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray array = file.read("w", scope);
      assertThat(array.getShape()).isEqualTo(new Shape(rows, 512));
      assertThat(array.get(rows - 1, 510).getUint8()).isZero();
      assertThat(array.get(rows - 1, 511).getUint8()).isEqualTo(7);
      AtomicLong copied = new AtomicLong();
      file.copyBytes("w", counting(copied));
      assertThat(copied).hasValue(rows * 512);
    }
  }

  @Test
  void readsShardsThroughTheirIndex() {
    try (Weights weights = ShardedWeights.open(golden("."), "model");
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThat(weights.tensors().keySet()).containsExactly("a", "b", "c");
      assertThat(weights.read("c", scope).toFloatArray()[0]).isEqualTo('c' - 0.75f);
      assertThat(weights.source()).endsWith("model.safetensors.index.json");
    }
  }

  private static WritableByteChannel counting(AtomicLong count) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) {
        int n = bytes.remaining();
        bytes.position(bytes.limit());
        count.addAndGet(n);
        return n;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  static Path golden(String name) {
    return Golden.path("safetensors").resolve(name);
  }
}
