package org.realera.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.realera.safetensors.SafetensorsBytes.entry;
import static org.realera.safetensors.SafetensorsBytes.file;
import static org.realera.safetensors.SafetensorsBytes.write;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** What is wrong with a header is said in one line, with the file, the tensor and both values. */
class SafetensorsHeaderTest {
  @TempDir Path folder;

  @Test
  void aRightHeaderGivesNamesTypesAndShapesInFileOrder() {
    String header =
        "{\"__metadata__\":{\"a\":\"b\"},%s,%s}   "
            .formatted(entry("y", "F32", "[2,2]", 0, 16), entry("x", "U8", "[]", 16, 17));
    try (SafetensorsFile file = SafetensorsFile.open(write(folder, file(header, new byte[17])))) {
      assertThat(file.metadata()).containsExactly(java.util.Map.entry("a", "b"));
      assertThat(file.tensors().keySet()).containsExactly("x", "y");
      assertThat(file.inFileOrder())
          .containsExactly(
              new TensorInfo("y", DType.F32, List.of(2L, 2L)),
              new TensorInfo("x", DType.U8, List.of()));
    }
  }

  /** The reader of the format's authors refuses it, too: found by scripts/chaos/fuzz.sh. */
  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00x", "x\\udc00\\ud800"})
  void halfACharacterIsNoName(String name) {
    assertDamaged(
            write(folder, file("{%s}".formatted(entry(name, "U8", "[0]", 0, 0)), new byte[0])))
        .hasMessageContaining("half of a surrogate pair");
    assertDamaged(
            write(folder, file("{\"__metadata__\":{\"a\":\"%s\"}}".formatted(name), new byte[0])))
        .hasMessageContaining("half of a surrogate pair");
  }

  @Test
  void whatIsNoJsonIsSaidWithoutTheParsersRemarkOnItsSource() {
    assertDamaged(write(folder, file("{\"x\":{\"shape\":[1", new byte[0])))
        .hasMessageContaining("its header is not valid JSON: Unexpected end-of-input")
        .hasMessageContaining("(start marker at line: 1)")
        .message()
        .doesNotContain("Source");
  }

  @Test
  void aMissingFileIsNotFound() {
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none.safetensors")))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("none.safetensors is missing")
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void aFolderIsNotAFile() {
    assertDamaged(folder).hasMessageContaining("is a folder, expected a file");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void aFileOfAFewBytesIsTooShort(int size) {
    assertDamaged(new byte[size]).hasMessageContaining("it has " + size + " bytes, too few");
  }

  @Test
  void aHeaderLongerThanTheFileIsALie() {
    assertDamaged(file(1000, "{}".getBytes(StandardCharsets.UTF_8), new byte[0]))
        .hasMessageContaining("claims 1000 bytes, but the file holds only 2 more");
  }

  @Test
  void anAbsurdHeaderLengthIsALie() {
    assertDamaged(file(-1, new byte[2], new byte[0]))
        .hasMessageContaining("claims 18446744073709551615 bytes, expected at most 100000000");
  }

  @Test
  void aHeaderOfMoreThanAHundredMegabytesIsRefusedUnread() throws IOException {
    Path file = write(folder, file(100_000_001, new byte[0], new byte[0]));
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(200_000_000);
    }
    assertDamaged(file).hasMessageContaining("claims 100000001 bytes");
  }

  @Test
  void aGitLfsPointerIsRecognised() {
    assertDamaged(
            "version https://git-lfs.github.com/spec/v1\noid sha256:00\n"
                .getBytes(StandardCharsets.UTF_8))
        .hasMessageContaining("Git LFS pointer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "3", "", "null", "{", "{\"x\":", "{}{}", "{} x", "{'x':1}"})
  void aHeaderThatIsNotOneJsonObjectIsRefused(String header) {
    assertDamaged(file(header, new byte[0])).hasMessageContaining("header");
  }

  @Test
  void aHeaderThatIsNotUtf8IsRefused() {
    byte[] json = "{\"\u00e4\":1}".getBytes(StandardCharsets.ISO_8859_1);
    assertDamaged(file(json.length, json, new byte[0])).hasMessageContaining("not UTF-8");
  }

  @Test
  void aTensorNamedTwiceIsRefused() {
    String header =
        "{%s,%s}".formatted(entry("x", "U8", "[1]", 0, 1), entry("x", "U8", "[1]", 1, 2));
    assertDamaged(file(header, new byte[2]))
        .hasMessageContaining("Duplicate")
        .hasMessageContaining("x");
  }

  @Test
  void aTensorOfAnotherTypeDoesNoHarmToThoseBesideIt() {
    String header =
        "{%s,%s,%s}"
            .formatted(
                entry("w", "F32", "[1]", 0, 4),
                entry("spare", "Q4_0", "[7]", 4, 9),
                entry("small", "F8_E4M3", "[3]", 9, 12));
    Path path = write(folder, file(header, new byte[12]));
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager scope = NDManager.newBaseManager()) {
      assertThat(file.read("w", scope).toFloatArray()).containsExactly(0);
      assertThat(file.tensors().get("spare"))
          .isEqualTo(new TensorInfo("spare", DType.OTHER, List.of(5L)));
      assertThat(file.tensors().get("small").dtype()).isEqualTo(DType.F8_E4M3);
      Path copy = folder.resolve("copy");
      SafetensorsWriter.rewrite(file, Map.of(), copy);
      assertThat(copy).hasSameBinaryContentAs(path);
    }
  }

  @Test
  void aShapeThatDoesNotFitItsBytesIsNamedWithBothSizes() {
    assertDamaged(file("{" + entry("w", "F32", "[2, 3]", 0, 20) + "}", new byte[20]))
        .hasMessageContaining("tensor w: F32 [2, 3] takes 24 bytes")
        .hasMessageContaining("hold 20");
  }

  @Test
  void aShapeWhoseSizeOverflowsIsRefused() {
    String shape = "[4294967296, 4294967296, 4294967296]";
    assertDamaged(file("{" + entry("w", "F32", shape, 0, 0) + "}", new byte[0]))
        .hasMessageContaining("too many elements");
  }

  @Test
  void overlappingTensorsAreRefused() {
    String header =
        "{%s,%s}".formatted(entry("a", "U8", "[4]", 0, 4), entry("b", "U8", "[4]", 2, 6));
    assertDamaged(file(header, new byte[6]))
        .hasMessageContaining("tensor b: its bytes should begin at 4, found 2 (overlap)");
  }

  @Test
  void aGapBetweenTensorsIsRefused() {
    String header =
        "{%s,%s}".formatted(entry("a", "U8", "[4]", 0, 4), entry("b", "U8", "[4]", 6, 10));
    assertDamaged(file(header, new byte[10]))
        .hasMessageContaining("tensor b: its bytes should begin at 4, found 6 (gap)");
  }

  @Test
  void aTruncatedFileNamesTheTensorThatIsCut() {
    String header = "{" + entry("w", "F32", "[4]", 0, 16) + "}";
    assertDamaged(file(header, new byte[9]))
        .hasMessageContaining("tensor w: its bytes end at 16, but the file holds only 9");
  }

  @Test
  void bytesAfterTheLastTensorAreRefused() {
    String header = "{" + entry("w", "F32", "[4]", 0, 16) + "}";
    assertDamaged(file(header, new byte[17])).hasMessageContaining("end at byte 16");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"w\":3}",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[1]}}",
        "{\"w\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}",
        "{\"w\":{\"shape\":[1],\"data_offsets\":[0,1]}}",
        "{\"w\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,1]}}",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]}}",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}}",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":1,\"data_offsets\":[0,1]}}",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,0]}}",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,2]}}",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[99999999999999999999],\"data_offsets\":[0,1]}}",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[9223372036854775807],\"data_offsets\":[0,9223372036854775807]}}",
      })
  void anEntryThatIsNotATensorNamesIt(String header) {
    assertDamaged(file(header, new byte[1])).hasMessageContaining("tensor w");
  }

  @Test
  void metadataMustBeStrings() {
    assertDamaged(file("{\"__metadata__\":{\"a\":1}}", new byte[0]))
        .hasMessageContaining("__metadata__ entry a should be a string");
  }

  @Test
  void aNameWithLineBreaksStaysInOneLine() {
    assertDamaged(file("{" + entry("a\\nb", "F32", "[2]", 0, 4) + "}", new byte[4]))
        .hasMessageContaining("tensor a?b");
  }

  @Test
  void deepNestingIsRefusedNotOverflowed() {
    String header = "{\"w\":{\"x\":" + "[".repeat(100_000) + "}";
    assertDamaged(file(header, new byte[0])).hasMessageContaining("header");
  }

  /** Headers cut, flipped and invented at random: a whole file, or a RealeraException. */
  @Test
  void noDamageWhateverThrowsAnythingElse() throws IOException {
    Random random = new Random(20260101);
    byte[] good;
    try (var in = getClass().getResourceAsStream("/golden/safetensors/every-dtype.safetensors")) {
      good = in.readAllBytes();
    }
    for (int i = 0; i < 2000; i++) {
      byte[] bytes =
          switch (i % 4) {
            case 0 -> java.util.Arrays.copyOf(good, random.nextInt(good.length + 20));
            case 1 -> flipped(good, random, good.length);
            case 2 -> flipped(good, random, 200);
            default -> invented(random);
          };
      Path path = write(folder, bytes);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        for (TensorInfo info : file.inFileOrder()) {
          List<Integer> sizes = new ArrayList<>();
          file.forEachChunk(info.name(), chunk -> sizes.add(chunk.remaining()));
          assertThat(sizes.stream().mapToLong(Integer::longValue).sum()).isEqualTo(info.byteSize());
        }
      } catch (RealeraException e) {
        assertThat(e.getMessage()).startsWith(path.toString()).doesNotContain("\n");
        assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
      }
    }
  }

  private static byte[] flipped(byte[] good, Random random, int within) {
    byte[] bytes = good.clone();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      bytes[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static byte[] invented(Random random) {
    String[] words = {
      "{", "}", "[", "]", ":", ",", "\"x\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"",
          "\"F32\"",
      "0", "4", "1", "-1", "1e9", "9223372036854775807", "null", "true", "\"__metadata__\"", " ",
          "\u00e9"
    };
    StringBuilder header = new StringBuilder("{");
    for (int n = random.nextInt(40); n > 0; n--) {
      header.append(words[random.nextInt(words.length)]);
    }
    return file(header.toString(), new byte[random.nextInt(3) * 4]);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertDamaged(byte[] content) {
    return assertDamaged(write(folder, content));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertDamaged(Path file) {
    return assertThatThrownBy(() -> SafetensorsFile.open(file).close())
        .isInstanceOf(RealeraException.class)
        .hasMessageStartingWith(file.toString())
        .satisfies(
            e -> {
              assertThat(((RealeraException) e).kind()).isEqualTo(Kind.DAMAGED);
              assertThat(e.getMessage()).doesNotContain("\n");
            });
  }
}
