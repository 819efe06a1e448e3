package org.realera.scorer.fid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.scorer.ScorerGolden;
import org.realera.scorer.fid.Inception.Resizing;

/** Golden values: scripts/golden/fid.py. */
class FrechetDistanceTest {

  /** Where both covariances are singular scipy's own root is good to 8 digits only. */
  @ParameterizedTest
  @CsvSource({"full, 1e-12", "deficient, 1e-7", "far, 1e-12", "same, 1e-6"})
  void theDistanceIsThatOfScipysMatrixRoot(String name, double tolerance) {
    double expected = ScorerGolden.json("fid/distances.json").get(name).get("scipy").asDouble();
    assertThat(distance(name)).isCloseTo(expected, within(tolerance * Math.max(1, expected)));
  }

  @ParameterizedTest
  @CsvSource({"full", "deficient", "far", "same"})
  void singularCovariancesCostNoPrecision(String name) {
    double expected = ScorerGolden.json("fid/distances.json").get(name).get("factors").asDouble();
    assertThat(distance(name)).isCloseTo(expected, within(1e-12 * Math.max(1, expected)));
  }

  @Test
  void momentsOfBatchesAreThoseOfNumpy() {
    GoldenArray features = GoldenArray.read("fid/features.npy");
    int d = features.shape().get(1);
    FeatureStatistics expected = FeatureStatistics.read(ScorerGolden.file("fid/features.npz"));
    try (FeatureMoments moments = new FeatureMoments();
        NDManager scope = NDManager.newBaseManager()) {
      NDArray all = scope.create(floats(features.values()), new Shape(40, d));
      for (NDArray batch : List.of(all.get("0:7"), all.get("7:8"), all.get("8:"))) {
        moments.add(batch);
      }
      FeatureStatistics found = moments.statistics();
      assertThat(moments.count()).isEqualTo(40);
      assertThat(found.mean()).containsExactly(expected.mean(), within(1e-14));
      assertThat(found.covariance()).containsExactly(expected.covariance(), within(1e-14));
    }
  }

  @Test
  void oneImageHasNoCovariance() {
    try (FeatureMoments moments = new FeatureMoments();
        NDManager scope = NDManager.newBaseManager()) {
      moments.add(scope.create(new float[] {1, 2}, new Shape(1, 2)));
      assertThatThrownBy(moments::statistics)
          .isInstanceOf(RealeraException.class)
          .hasMessageContaining("at least 2 pictures");
    }
  }

  @Test
  void statisticsSurviveTheirFile(@TempDir Path folder) throws Exception {
    FeatureStatistics statistics =
        new FeatureStatistics(new double[] {1, -2.5}, new double[] {1, 0.1, 0.1, 1e-300});
    Path file = folder.resolve("stats.npz");
    statistics.write(file);
    byte[] once = Files.readAllBytes(file);
    FeatureStatistics read = FeatureStatistics.read(file);
    assertThat(read.mean()).containsExactly(statistics.mean());
    assertThat(read.covariance()).containsExactly(statistics.covariance());
    read.write(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(once);
  }

  @ParameterizedTest
  @EnumSource
  void whoResizedStandsInTheFileWhereNumpyReadsIt(Resizing by, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("stats.npz");
    new FeatureStatistics(new double[1], new double[1]).resizedBy(by).write(file);
    assertThat(FeatureStatistics.read(file).resizing()).isEqualTo(by);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] word = zip.getInputStream(zip.getEntry("resize.npy")).readAllBytes();
      assertThat(new String(word, 10, 60, StandardCharsets.US_ASCII))
          .startsWith(
              "{'descr': '<U" + by.id().length() + "', 'fortran_order': False, 'shape': ()");
      assertThat(word).hasSize(128 + 4 * by.id().length());
    }
    assertThat(FeatureStatistics.read(ScorerGolden.file("fid/features.npz")).resizing()).isNull();
  }

  @Test
  void aResizingThatIsNotKnownIsDamaged(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("other.npz");
    for (byte[] resize :
        List.of(NpyText.bytes("lan\nczos"), new Npy(List.of(), new double[1]).bytes())) {
      try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
        put(zip, "mu", new Npy(List.of(1), new double[1]).bytes());
        put(zip, "sigma", new Npy(List.of(1, 1), new double[1]).bytes());
        put(zip, "resize", resize);
      }
      assertThatThrownBy(() -> FeatureStatistics.read(file))
          .isInstanceOfSatisfying(
              RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
          .message()
          .matches(
              ".* holds no feature statistics: resize is '(lan.czos|no text)', expected clean or"
                  + " inside");
    }
  }

  /** pytorch-fid resizes in the network, and not as the other network's inside does. */
  @Test
  void theRemedyNamesStatisticsThatCompare(@TempDir Path folder) throws Exception {
    Path none = folder.resolve("none.npz");
    Path bad = Files.writeString(folder.resolve("bad.npz"), "x");
    for (Path file : List.of(none, bad)) {
      assertThatThrownBy(() -> FeatureStatistics.read(file))
          .extracting(e -> ((RealeraException) e).remedy())
          .asString()
          .contains("`realera eval score fid --save-statistics`")
          .contains("clean-fid's make_custom_stats wrote in mode clean")
          .doesNotContain("pytorch-fid --save-stats");
    }
  }

  private static void put(java.util.zip.ZipOutputStream zip, String name, byte[] content)
      throws java.io.IOException {
    zip.putNextEntry(new java.util.zip.ZipEntry(name + ".npy"));
    zip.write(content);
  }

  @Test
  void fortranOrderFloat32AndBigEndianAreRead() {
    byte[] data = {
      0,
      0,
      0,
      0,
      63,
      (byte) 128,
      0,
      0,
      64,
      0,
      0,
      0,
      64,
      64,
      0,
      0,
      64,
      (byte) 128,
      0,
      0,
      64,
      (byte) 160,
      0,
      0
    };
    Npy array =
        Npy.parse(npy("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3)}", data), "a");
    assertThat(array.shape()).containsExactly(2, 3);
    assertThat(array.values()).containsExactly(0, 2, 4, 1, 3, 5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'descr': '<i8', 'fortran_order': False, 'shape': (1,)} | elements are i8",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)} | 8 bytes of data, expected 16",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,)} | impossible",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 2147483647, 9)} |"
            + " impossible",
        "nonsense | makes no sense"
      })
  void arraysOfAnotherKindAreDamagedAndSaySo(String header, String message) {
    assertThatThrownBy(() -> Npy.parse(npy(header, new byte[8]), "x.npz, mu"))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("x.npz, mu")
        .hasMessageContaining(message);
  }

  @Test
  void everyCutOfAFileIsNoticed(@TempDir Path folder) throws Exception {
    byte[] whole = Files.readAllBytes(ScorerGolden.file("fid/features.npz"));
    Path file = folder.resolve("cut.npz");
    for (int length = 0; length < whole.length; length += 97) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> FeatureStatistics.read(file))
          .isInstanceOfSatisfying(
              RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED));
    }
  }

  @Test
  void anArchiveWithoutSigmaSaysWhatItHas(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("other.npz");
    try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new java.util.zip.ZipEntry("mu.npy"));
      zip.write(new Npy(List.of(2), new double[2]).bytes());
    }
    assertThatThrownBy(() -> FeatureStatistics.read(file))
        .hasMessageContaining("no array 'sigma' (found: mu.npy)");
  }

  /** 250 KB that unpack to 257 MB. */
  @Test
  void anArrayThatUnpacksToMoreThanAnyStatisticsIsDamaged(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("bomb.npz");
    byte[] zeros = new byte[1 << 20];
    try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new java.util.zip.ZipEntry("mu.npy"));
      for (int i = 0; i <= 256; i++) {
        zip.write(zeros);
      }
    }
    assertThatThrownBy(() -> FeatureStatistics.read(file))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("the array 'mu' takes more than 268435456 bytes");
  }

  @Test
  void imagesAreResizedAsCleanFidDoesIt() {
    JsonNode golden = ScorerGolden.json("fid/inception.json").get("resized");
    float[] resized = Inception.clean(ScorerGolden.photograph("pair"));
    for (int i = 0; i < golden.size(); i++) {
      assertThat((double) resized[i * 4999]).isCloseTo(golden.get(i).asDouble(), within(1e-5));
    }
  }

  private static double distance(String name) {
    return FeatureMoments.distance(
        FeatureStatistics.read(ScorerGolden.file("fid/" + name + "-a.npz")),
        FeatureStatistics.read(ScorerGolden.file("fid/" + name + "-b.npz")));
  }

  private static byte[] npy(String header, byte[] data) {
    byte[] out = new byte[10 + header.length() + data.length];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0};
    System.arraycopy(start, 0, out, 0, 10);
    System.arraycopy(
        header.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, out, 10, header.length());
    System.arraycopy(data, 0, out, 10 + header.length(), data.length);
    return out;
  }

  private static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }
}
