package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.config.EraseRecipe;
import org.realera.convert.Target;
import org.realera.files.Environment;
import org.realera.tensor.Compute;
import org.realera.tensor.Precision;

class PriorCacheTest {
  private static final Shape SHAPE = new Shape(2, 3);

  @TempDir Path root;
  private int made;

  @Test
  void whatWasMadeOnceIsNotMadeAgain() throws IOException {
    assertThat(get(root, "a")).containsExactly(1, 1, 1, 1, 1, 1);
    assertThat(get(root, "a")).containsExactly(1, 1, 1, 1, 1, 1);
    assertThat(get(root, "b")).containsExactly(2, 2, 2, 2, 2, 2);
    assertThat(made).isEqualTo(2);
  }

  @Test
  void aDamagedEntryIsMadeAgain() throws IOException {
    get(root, "a");
    Path file;
    try (Stream<Path> files = Files.list(root)) {
      file = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThat(get(root, "a")).containsOnly(2);
    Files.write(file, new byte[] {1, 2, 3});
    assertThat(get(root, "a")).containsOnly(3);
    assertThat(get(root, "a")).containsOnly(3);
  }

  @Test
  void aCacheThatCannotBeWrittenIsDoneWithout() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "");
    assertThat(get(file.resolve("inside"), "a")).containsOnly(1);
  }

  @Test
  void numbersOfEitherWidthComeBackToTheBit() throws IOException {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      PriorCache cache = new PriorCache(root);
      for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
        NDArray thirds = scope.ones(SHAPE).toType(type, true).div(3);
        List<String> key = List.of(type.name());
        cache.get(key, SHAPE, scope, () -> thirds);
        NDArray back = cache.get(key, SHAPE, scope, () -> scope.zeros(SHAPE));
        assertThat(back.getDataType()).isEqualTo(type);
        assertThat(back).isEqualTo(thirds);
      }
      Shape other = new Shape(3, 2);
      NDArray made = cache.get(List.of("FLOAT32"), other, scope, () -> scope.zeros(other));
      assertThat(made.getShape()).isEqualTo(other);
    }
  }

  @Test
  void theEnvironmentSaysWhereTheCacheIs() {
    Path own = root.resolve("own");
    Path common = root.resolve("common");
    fill(Map.of("REALERA_CACHE", own.toString(), "XDG_CACHE_HOME", common.toString()));
    assertThat(own.resolve("prior")).isNotEmptyDirectory();
    assertThat(common).doesNotExist();
    fill(Map.of("REALERA_CACHE", "", "XDG_CACHE_HOME", common.toString()));
    assertThat(common.resolve("realera/prior")).isNotEmptyDirectory();
    fill(Map.of("REALERA_CACHE", "~/$SUB", "SUB", "mine", "HOME", root.toString()));
    assertThat(root.resolve("mine/prior")).isNotEmptyDirectory();
  }

  private static void fill(Map<String, String> env) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      PriorCache.of(new Environment(env)).get(List.of("a"), SHAPE, scope, () -> scope.ones(SHAPE));
    }
  }

  /** One after the other these are the same letters. */
  @Test
  void eachPartOfAKeyCountsByItself() {
    get(root, "ab", "c");
    get(root, "a", "bc");
    get(root, "abc");
    assertThat(made).isEqualTo(3);
  }

  @Test
  void whatAnotherModelMadeOfTheSamePromptsIsMadeAnew() {
    assertThat(madeBy("one")).isEqualTo(1);
    assertThat(madeBy("two")).isEqualTo(2);
    assertThat(madeBy("one")).isEqualTo(1);
  }

  /** What a run of a model has for a prompt, by the text encoder's digest. */
  private float madeBy(String textEncoder) {
    StageLog log = new StageLog(Progress.NONE, new PriorCache(root), () -> 0);
    log.keepIn(
        RunManifest.of(
            "model",
            new TreeMap<>(Map.of("text_encoder", textEncoder)),
            new Compute(Device.cpu(), Precision.FP32),
            "engine",
            EraseRecipe.DEFAULT,
            Map.of(),
            Target.DIFFUSERS),
        root);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      return log.cached(
              List.of("a prompt"), new Shape(1), scope, () -> scope.create(new float[] {++made}))
          .toFloatArray()[0];
    }
  }

  private float[] get(Path folder, String... key) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      return new PriorCache(folder)
          .get(
              List.of(key),
              SHAPE,
              scope,
              () -> {
                made++;
                NDArray ones = scope.ones(SHAPE);
                return ones.mul(made);
              })
          .toFloatArray();
    }
  }
}
