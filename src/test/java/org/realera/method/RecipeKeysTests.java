package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.config.RecipeWriter;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;

/**
 * That no key of a recipe is ignored: each is changed by itself, and other weights come of it. What
 * they are is the matter of other tests.
 */
abstract class RecipeKeysTests extends TinyModelTests {
  /** Which method it is, what is saved on the way, and images of what came of it. */
  private static final Set<String> NO_WEIGHTS = Set.of("method", "checkpoint_every", "report");

  @TempDir private static Path files;

  private static final Map<String, Map<String, float[]>> PLAIN = new HashMap<>();

  /**
   * A recipe in which many keys have a part.
   *
   * @param yaml the recipe
   * @param counts {@code KEY=VALUE} each, which changes the weights
   * @param idle the same, but of keys that this method, or this recipe, has no use for
   */
  record Keys(String yaml, List<String> counts, List<String> idle) {
    EraseRecipe recipe(String... settings) {
      return RecipeReader.parse("a test", yaml, null, List.of(settings));
    }

    String method() {
      return recipe().method().label();
    }

    Stream<String> keys() {
      return Stream.concat(counts.stream(), idle.stream()).map(s -> s.substring(0, s.indexOf('=')));
    }
  }

  @BeforeAll
  static void writeFiles() throws IOException {
    Files.writeString(captions(), "the family of the city\nmusic in the world\n");
    Files.createDirectory(masks());
    byte[] half = new byte[3 * 16 * 16];
    Arrays.fill(half, 0, half.length / 2, (byte) 255);
    byte[] png = PngWriter.encode(new Image(16, 16, half), Map.of());
    Files.write(masks().resolve("house-1.png"), png);
    Files.write(masks().resolve("house-2.png"), png);
  }

  @AfterAll
  static void forget() {
    PLAIN.clear();
  }

  /** Real text to hold: CAPTIONS in a setting. */
  private static Path captions() {
    return files.resolve("captions.txt");
  }

  /** Where the user says that a concept is: MASKS in a setting. */
  private static Path masks() {
    return files.resolve("masks");
  }

  /** The recipes of a class of tests. */
  abstract List<Keys> recipes();

  /** Whether a key is this class's matter; of RealEra each has some. */
  abstract boolean tries(String method, String key);

  @TestFactory
  Stream<DynamicTest> eachKeyHasItsPart() {
    return recipes().stream()
        .flatMap(
            keys ->
                Stream.concat(
                    keys.counts().stream().map(setting -> test(keys, setting, false)),
                    keys.idle().stream().map(setting -> test(keys, setting, true))));
  }

  private DynamicTest test(Keys keys, String setting, boolean idle) {
    String given = setting.replace("CAPTIONS", "" + captions()).replace("MASKS", "" + masks());
    return DynamicTest.dynamicTest(
        keys.method() + (idle ? " has no use for " : ", ") + setting,
        () -> {
          EraseRecipe changed = keys.recipe(given);
          assertThat(changed).as("the recipe says something else").isNotEqualTo(keys.recipe());
          Map<String, float[]> plain =
              PLAIN.computeIfAbsent(keys.yaml(), yaml -> weights(keys.recipe()));
          assertThat(same(weights(changed), plain)).isEqualTo(idle);
        });
  }

  private static boolean same(Map<String, float[]> a, Map<String, float[]> b) {
    return a.keySet().equals(b.keySet())
        && a.keySet().stream().allMatch(name -> Arrays.equals(a.get(name), b.get(name)));
  }

  private static Map<String, float[]> weights(EraseRecipe recipe) {
    Map<String, float[]> weights = new TreeMap<>();
    try (NDManager own = NDManager.newBaseManager(Device.cpu())) {
      Path state = Files.createTempDirectory(files, "state");
      Methods.of(recipe.method())
          .erase(model, recipe, new RecordingRun(state), own)
          .tensors()
          .forEach((name, values) -> weights.put(name, values.toFloatArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return weights;
  }

  /** So that a new key is not without a test. */
  @TestFactory
  Stream<DynamicTest> everyKeyIsTried() {
    Map<String, Set<String>> tried = new TreeMap<>();
    Map<String, Set<String>> known = new TreeMap<>();
    for (Keys keys : recipes()) {
      keys.keys().forEach(tried.computeIfAbsent(keys.method(), m -> new TreeSet<>())::add);
      leaves("", RecipeWriter.toTree(keys.recipe()))
          .filter(key -> tries(keys.method(), key) && !without(keys.recipe(), key))
          .forEach(known.computeIfAbsent(keys.method(), m -> new TreeSet<>())::add);
    }
    return known.keySet().stream()
        .map(
            method ->
                DynamicTest.dynamicTest(
                    method,
                    () ->
                        assertThat(tried.get(method))
                            .containsExactlyElementsOf(known.get(method))));
  }

  /** Keys of what the method does not do at all. */
  private static boolean without(EraseRecipe recipe, String key) {
    return (key.startsWith("prior.") && !recipe.settings().hasPrior())
        || (key.equals("preserve") && !recipe.settings().preserves());
  }

  private static Stream<String> leaves(String group, Map<?, ?> tree) {
    return tree.entrySet().stream()
        .filter(one -> !NO_WEIGHTS.contains(String.valueOf(one.getKey())))
        .flatMap(
            one ->
                one.getValue() instanceof Map<?, ?> inner
                    ? leaves(group + one.getKey() + ".", inner)
                    : Stream.of(group + one.getKey()));
  }
}
