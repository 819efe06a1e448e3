package org.realera.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.realera.safetensors.SafetensorsFileTest.golden;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.AtomicFile;

/** Golden files come from scripts/golden/safetensors_files.py. */
class SafetensorsWriterTest {
  @TempDir Path folder;

  @Test
  void writesTheSameBytesAsPythonDoes() throws IOException {
    Path source = golden("no-metadata.safetensors");
    Path target = folder.resolve("out.safetensors");
    float[] values = {-0.75f, -0.5f, -0.25f, 0, 0.25f, 0.5f};
    SafetensorsWriter.write(
        target, Map.of(), List.of(TensorSource.of("x", DType.F32, List.of(2L, 3L), values)));
    assertThat(target).hasSameBinaryContentAs(source);
  }

  @Test
  void copiesATensorOfAnyDtypeFromAnotherFile() throws IOException {
    Path target = folder.resolve("out.safetensors");
    try (SafetensorsFile source = SafetensorsFile.open(golden("every-dtype.safetensors"))) {
      SafetensorsWriter.write(
          target,
          source.metadata(),
          source.inFileOrder().stream().map(t -> TensorSource.stored(source, t.name())).toList());
      try (SafetensorsFile copy = SafetensorsFile.open(target)) {
        assertThat(copy.inFileOrder()).isEqualTo(source.inFileOrder());
        assertThat(copy.metadata()).isEqualTo(source.metadata());
        for (String name : copy.tensors().keySet()) {
          assertThat(bytes(copy, name)).isEqualTo(bytes(source, name));
        }
      }
    }
  }

  @Test
  void putsWiderTypesFirstSoThatEachIsAligned() {
    Path target = folder.resolve("out.safetensors");
    SafetensorsWriter.write(
        target,
        Map.of("k", "v\n\""),
        List.of(
            TensorSource.of("a", DType.F16, List.of(1L), new float[] {1}),
            TensorSource.of("b", DType.F32, List.of(1L), new float[] {2}),
            TensorSource.of("c", DType.F32, List.of(), new float[] {3})));
    try (SafetensorsFile file = SafetensorsFile.open(target)) {
      assertThat(file.inFileOrder()).extracting(TensorInfo::name).containsExactly("b", "c", "a");
      assertThat(file.metadata()).containsEntry("k", "v\n\"");
    }
  }

  /** More than one buffer, whose last is not full; the numbers are exact in every type. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16", "F32"})
  @Timeout(60) // a buffer that is not emptied is written for ever
  void numbersThatDoNotFitOneBufferAreWrittenAndConvertedToTheLast(DType type) throws IOException {
    float[] values = new float[2 * (1 << 20) / 4 + 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 251;
    }
    Path floats = folder.resolve("floats.safetensors");
    Path converted = folder.resolve("converted.safetensors");
    List<Long> shape = List.of((long) values.length);
    SafetensorsWriter.write(floats, Map.of(), List.of(TensorSource.of("x", type, shape, values)));
    Path wide = folder.resolve("wide.safetensors");
    SafetensorsWriter.write(
        wide, Map.of(), List.of(TensorSource.of("x", DType.F32, shape, values)));
    try (SafetensorsFile source = SafetensorsFile.open(wide)) {
      SafetensorsWriter.write(converted, Map.of(), List.of(source.stored("x").as(type)));
    }
    assertThat(converted).hasSameBinaryContentAs(floats);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        SafetensorsFile file = SafetensorsFile.open(floats)) {
      NDArray read = file.read("x", scope).toType(DataType.FLOAT32, false);
      assertThat(read.toFloatArray()).isEqualTo(values);
    }
  }

  @Test
  void writesArraysOfEveryKind() {
    Path target = folder.resolve("out.safetensors");
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray floats = scope.arange(6f).reshape(2, 3);
      SafetensorsWriter.write(
          target,
          Map.of(),
          List.of(
              TensorSource.of("transposed", DType.F32, floats.transpose()),
              TensorSource.of("half", DType.F16, floats),
              TensorSource.of("brain", DType.BF16, floats),
              TensorSource.of("double", DType.F64, floats),
              TensorSource.of("narrowed", DType.F32, floats.toType(DataType.FLOAT64, true)),
              TensorSource.of("fromHalf", DType.F32, floats.toType(DataType.FLOAT16, true)),
              TensorSource.of("none", DType.F32, scope.create(new Shape(0))),
              TensorSource.of("steps", DType.I64, scope.create(new long[] {1L << 40}))));
      try (SafetensorsFile file = SafetensorsFile.open(target)) {
        assertThat(file.read("transposed", scope).toFloatArray()).containsExactly(0, 3, 1, 4, 2, 5);
        for (String name : List.of("half", "brain", "double", "narrowed", "fromHalf")) {
          assertThat(file.read(name, scope).toType(DataType.FLOAT32, true)).isEqualTo(floats);
        }
        assertThat(file.read("none", scope).getShape()).isEqualTo(new Shape(0));
        assertThat(file.read("steps", scope).toLongArray()).containsExactly(1L << 40);
      }
      assertThatThrownBy(
              () ->
                  SafetensorsWriter.write(
                      target,
                      Map.of(),
                      List.of(TensorSource.of("x", DType.I64, scope.create(new float[1])))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void rewritingKeepsEveryOtherByte() throws IOException {
    Path source = golden("every-dtype.safetensors");
    Path target = folder.resolve("out.safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(source)) {
      SafetensorsWriter.rewrite(file, Map.of(), target);
      assertThat(target).hasSameBinaryContentAs(source);

      float[] ones = new float[15];
      java.util.Arrays.fill(ones, 1);
      Map<String, TensorSource> edits =
          Map.of("every.f16", TensorSource.of("every.f16", DType.F16, List.of(3L, 5L), ones));
      SafetensorsWriter.rewrite(file, edits, target);
      byte[] before = Files.readAllBytes(source);
      byte[] after = Files.readAllBytes(target);
      assertThat(after).hasSameSizeAs(before);
      try (SafetensorsFile edited = SafetensorsFile.open(target)) {
        for (String name : edited.tensors().keySet()) {
          if (!name.equals("every.f16")) {
            assertThat(bytes(edited, name)).isEqualTo(bytes(file, name));
          }
        }
        assertThat(bytes(edited, "every.f16")).startsWith(0, 0x3c, 0, 0x3c);
      }
    }
  }

  @Test
  void aReplacementOfAnotherShapeIsADefect() {
    try (SafetensorsFile file = SafetensorsFile.open(golden("no-metadata.safetensors"))) {
      TensorSource wrong = TensorSource.of("x", DType.F32, List.of(6L), new float[6]);
      assertThatThrownBy(
              () -> SafetensorsWriter.rewrite(file, Map.of("x", wrong), folder.resolve("out")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[2, 3]");
    }
  }

  @ParameterizedTest
  @CsvSource({"F16, 70000", "BF16, 3.4028235E38"})
  void aValueTooLargeForItsTypeIsAnErrorAndLeavesNothingBehind(DType type, float value)
      throws IOException {
    TensorSource tensor = TensorSource.of("x", type, List.of(1L), new float[] {value});
    Path target = Files.writeString(folder.resolve("out.safetensors"), "as it was");
    assertThatThrownBy(() -> SafetensorsWriter.write(target, Map.of(), List.of(tensor)))
        .isInstanceOf(RealeraException.class)
        .hasMessage("tensor x: " + value + " is too large for " + type);
    assertThat(target).hasContent("as it was");
    assertOnlyFile("out.safetensors");
  }

  @Test
  void aFolderThatIsNotThereIsAnErrorThatNamesTheFile() {
    Path target = folder.resolve("none/out.safetensors");
    assertThatThrownBy(() -> SafetensorsWriter.write(target, Map.of(), List.of()))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(target.toString());
  }

  @Test
  void aFullDiskIsAMatterOfResources() throws IOException {
    Path target = folder.resolve("out.safetensors");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    out -> {
                      out.write(ByteBuffer.allocate(100));
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(RealeraException.class)
        .hasMessage("no space left to write " + target)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.RESOURCES);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void roundsToHalfPrecisionAsTheEngineDoes() {
    int steps = 1 << 16;
    float[] values = new float[4 * steps];
    for (int i = 0; i < steps; i++) {
      int bits = i << 16;
      values[4 * i] = Float.intBitsToFloat(bits);
      values[4 * i + 1] = Float.intBitsToFloat(bits | 0x1000); // ties of binary16
      values[4 * i + 2] = Float.intBitsToFloat(bits | 0x1001);
      values[4 * i + 3] = Float.intBitsToFloat(bits | 0x8fff);
    }
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray half = scope.create(values).toType(DataType.FLOAT16, true);
      ByteBuffer bits = half.toByteBuffer().order(java.nio.ByteOrder.nativeOrder());
      for (int i = 0; i < values.length; i++) {
        if (!Float.isNaN(values[i])) {
          assertThat(HalfFloats.toF16(values[i]))
              .as("%a", values[i])
              .isEqualTo(bits.getShort(2 * i));
        }
      }
    }
    assertThat(HalfFloats.isFiniteF16(HalfFloats.toF16(Float.NaN))).isFalse();
  }

  @Test
  void roundsToBfloat16ToNearestEven() {
    assertThat(HalfFloats.toBf16(Float.intBitsToFloat(0x3f808000))).isEqualTo((short) 0x3f80);
    assertThat(HalfFloats.toBf16(Float.intBitsToFloat(0x3f818000))).isEqualTo((short) 0x3f82);
    assertThat(HalfFloats.toBf16(Float.intBitsToFloat(0x3f808001))).isEqualTo((short) 0x3f81);
    assertThat(HalfFloats.toBf16(-0f)).isEqualTo((short) 0x8000);
    assertThat(HalfFloats.toBf16(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
    assertThat(HalfFloats.toBf16(Float.NaN)).isEqualTo((short) 0x7fc0);
  }

  private void assertOnlyFile(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(p -> p.getFileName().toString())).containsExactly(name);
    }
  }

  private static byte[] bytes(SafetensorsFile file, String name) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    file.copyBytes(name, java.nio.channels.Channels.newChannel(out));
    return out.toByteArray();
  }
}
