package org.realera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** What {@code KEY=VALUE} does to a recipe. */
class RecipeSettingsTest {
  private static EraseRecipe parse(String yaml, String... settings) {
    return RecipeReader.parse("r.yaml", yaml, null, List.of(settings));
  }

  private static RealeraException errorOf(String yaml, String... settings) {
    RealeraException error =
        catchThrowableOfType(RealeraException.class, () -> parse(yaml, settings));
    assertThat(error).as(String.join(" ", settings)).isNotNull();
    assertThat(error.kind()).isEqualTo(Kind.USAGE);
    return error;
  }

  @Test
  void aMethodThatIsNoneIsAnErrorWithTheNearest() {
    RealeraException error = errorOf("", "method=relaera");
    assertThat(error).hasMessage("--set method=relaera: there is no method \"relaera\"");
    assertThat(error.remedy()).startsWith("Did you mean realera? The methods are realera");
    assertThat(errorOf("seed: 1\nmethod: [a]\n"))
        .hasMessageStartingWith("r.yaml, line 2: there is no method \"\"");
  }

  /** The dotted path of every key that is no group. */
  static Stream<String> keys() {
    return leaves(RecipeWriter.toTree(EraseRecipe.DEFAULT)).keySet().stream()
        .filter(key -> !key.equals("method")); // it decides which keys there are
  }

  private static Map<String, Object> leaves(Map<String, Object> tree) {
    Map<String, Object> leaves = new LinkedHashMap<>();
    tree.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> group) {
            group.forEach((inner, leaf) -> leaves.put(key + "." + inner, leaf));
          } else {
            leaves.put(key, value);
          }
        });
    return leaves;
  }

  private static Object other(String key, Object value) {
    if (value instanceof Boolean flag) {
      return !flag;
    }
    if (value instanceof Integer number) {
      return number + 1;
    }
    if (value instanceof Long number) {
      return number + 1;
    }
    if (value instanceof Double number) {
      return number + 0.01;
    }
    if (value instanceof List<?>) {
      return key.equals("concepts")
          ? List.of(Map.of("concept", "a", "anchor", "b"))
          : List.of("x {}");
    }
    return switch (key) {
      case "closed_form.sums" -> "expected";
      case "closed_form.params" -> "v";
      default -> "never";
    };
  }

  private static String yaml(Object value) {
    return value instanceof List<?> list
        ? list.get(0) instanceof Map ? "[{concept: a, anchor: b}]" : "[\"x {}\"]"
        : value.toString();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyKeyOfTheRecipeIsReachedAndNothingElse(String key) {
    Map<String, Object> expected = leaves(RecipeWriter.toTree(EraseRecipe.DEFAULT));
    Object value = other(key, expected.get(key));
    expected.put(key, value);
    EraseRecipe recipe = parse("", key + "=" + yaml(value));
    assertThat(leaves(RecipeWriter.toTree(recipe))).isEqualTo(expected);
    assertThat(EraseRecipe.DEFAULT.with(key, value)).isEqualTo(recipe);
    assertThat(parse(RecipeWriter.toYaml(recipe))).isEqualTo(recipe);
  }

  @Test
  void aSettingWinsOverTheFileAndTheLastOverTheFirst() {
    EraseRecipe recipe =
        parse("seed: 1\nmining: {d1: 0.5, samples: 7}", "seed=2", "mining.d1=0.6", "seed=3");
    assertThat(recipe.seed()).isEqualTo(3);
    assertThat(recipe.mining().d1()).isEqualTo(0.6);
    assertThat(recipe.mining().samples()).isEqualTo(7);
  }

  @Test
  void aWholeGroupMayBeSetInPart() {
    EraseRecipe recipe = parse("mining: {samples: 7}", "mining={d1: 0.6, enabled: false}");
    assertThat(recipe.mining()).isEqualTo(new MiningSettings(false, 7, 0.6, 0.18, 0.98, 0.7, 0));
  }

  @Test
  void onlyTogetherNeedSettingsMakeAValidRecipe() {
    EraseRecipe recipe = parse("", "mining.d1=1.5", "beyond.d2=2");
    assertThat(recipe.mining().d1()).isEqualTo(1.5);
    assertThat(recipe.beyond().d2()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mining.d2=0.5|unknown key mining.d2|Did you mean mining.d1?",
        "minning.d1=0.5|unknown key minning|Did you mean mining?",
        "d1=0.5|unknown key d1|Did you mean mining.d1?",
        "closed-form.mu=1|unknown key closed-form|Did you mean closed_form?",
        "mining.d1.x=1|mining.d1 must be a number, found a group of keys|See"
            + " configs/erase/object.yaml for an example of every key.",
        "mining.d1=far|mining.d1 must be a number, found \"far\"|See configs/erase/object.yaml for"
            + " an example of every key.",
        "mining.d1=|mining.d1 must be a number, found nothing|See configs/erase/object.yaml for an"
            + " example of every key.",
        "mining=|mining must be a group of keys, found nothing|See configs/erase/object.yaml for an"
            + " example of every key.",
        "report.kept=cat|report.kept must be a list of texts, found \"cat\"|See"
            + " configs/erase/object.yaml for an example of every key.",
        "report.pictures=no|report.pictures must be one of auto, always, never, found \"no\"|See"
            + " configs/erase/object.yaml for an example of every key.",
        "seed=-1|seed is -1, but must be 0 or more|Change it in the recipe, or leave the key out to"
            + " have its default.",
        "mining.d1=2|beyond.d2 is 1.1, but must be greater than mining.d1, which is 2.0|Change it"
            + " in the recipe, or leave the key out to have its default.",
        "preserve=[*x]|the alias *x is not supported|Write the value wherever it counts; quote a"
            + " text that begins with * or &.",
        "concepts=[{concept: cat}]|concepts.anchor is missing|Add it.",
        "mining.d1|this is not KEY=VALUE|Write it so, e.g. --set mining.d1=0.48",
        "=1|this is not KEY=VALUE|Write it so, e.g. --set mining.d1=0.48"
      })
  void whatIsWrongIsNamedWithTheOption(String setting, String message, String remedy) {
    RealeraException error = errorOf("seed: 1", setting);
    assertThat(error).hasMessage("--set " + setting + ": " + message);
    assertThat(error.remedy()).isEqualTo(remedy);
  }

  @Test
  void aSettingThatIsNotYamlOrTwoDocumentsIsAnError() {
    assertThat(errorOf("", "report.kept=[cat")).hasMessageStartingWith("--set report.kept=[cat: ");
    assertThat(errorOf("", "seed=1\n---\n2")).hasMessageContaining("a second document");
    assertThat(errorOf("", "mining={d1: 1, d1: 2}")).hasMessageContaining("duplicate key 'd1'");
  }

  @Test
  void aFaultOfTheFileIsStillTheFilesBesideASoundSetting() {
    assertThat(errorOf("seed: 1\nmining: {s1: 2}", "mining.samples=4"))
        .hasMessageStartingWith("r.yaml, line 2: mining.s1 is 2.0");
    assertThat(errorOf("mining:\n  s1: 0.5", "mining.s2=0.6"))
        .hasMessageStartingWith("--set mining.s2=0.6: mining.s2 is 0.6, but");
  }

  /** Every number that sizes something. */
  @ParameterizedTest
  @CsvSource({
    "alignment.steps, 1000000",
    "alignment.batch, 1024",
    "alignment.rank, 4096",
    "alignment.images, 10000",
    "alignment.image_steps, 100000",
    "closed_form.prior_prompts, 1000000",
    "report.seeds, 10000",
    "report.steps, 100000"
  })
  void aNumberThatWouldTakeAllMemoryIsAnErrorThatNamesTheBound(String key, int most) {
    EraseRecipe.DEFAULT.with(key, most);
    assertThatThrownBy(() -> EraseRecipe.DEFAULT.with(key, Integer.MAX_VALUE))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(key + " is 2147483647, but must be at most " + most);
  }
}
