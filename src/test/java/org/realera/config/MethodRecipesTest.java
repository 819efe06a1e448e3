package org.realera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.RealeraException;

/** The recipes of the methods that are not RealEra: {@code configs/erase/METHOD/KIND.yaml}. */
class MethodRecipesTest {
  private static final Path FOLDER = Path.of("configs", "erase");
  private static final List<String> KINDS =
      List.of("object", "celebrity", "style", "explicit", "pocket");

  static Stream<MethodName> others() {
    return Arrays.stream(MethodName.values()).filter(method -> method != MethodName.REALERA);
  }

  static Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER, 2)) {
      return all
          .filter(Files::isRegularFile)
          .filter(file -> !FOLDER.equals(file.getParent()))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static Map<String, Object> said(Path file) throws IOException {
    return new YAMLMapper().readValue(Files.readString(file), new TypeReference<>() {});
  }

  @ParameterizedTest
  @MethodSource("others")
  void theObjectRecipeNamesEverySetting(MethodName method) throws IOException {
    Path file = FOLDER.resolve(method.label()).resolve("object.yaml");
    assertThat(said(file).keySet()).containsAll(YamlType.keys(method.settings(), null));
  }

  /**
   * Where a method has no file of a kind, its settings are those of object: the page says which.
   */
  @Test
  void thePageNamesTheKindsThatEachMethodHas() throws IOException {
    Map<String, Set<String>> said = new HashMap<>();
    String page = Files.readString(Path.of("src", "docs", "methods.md"));
    String table = page.substring(page.indexOf("| method | has, beside `object` |"));
    for (String row : table.substring(0, table.indexOf("\n\n")).lines().skip(2).toList()) {
      String[] cells = row.split("\\|");
      names(cells[1]).forEach(method -> said.put(method, Set.copyOf(names(cells[2]))));
    }
    Map<String, Set<String>> there = new HashMap<>();
    for (MethodName method : MethodName.values()) {
      Set<String> kinds = new HashSet<>(KINDS);
      kinds.removeIf(kind -> !BuiltInRecipes.hasOwn(kind, method));
      kinds.remove("object");
      there.put(method.label(), kinds);
    }
    assertThat(said).isEqualTo(there);
  }

  private static List<String> names(String cell) {
    return Pattern.compile("`([\\w-]+)`").matcher(cell).results().map(m -> m.group(1)).toList();
  }

  @ParameterizedTest
  @MethodSource("others")
  void everyKindIsARecipe(MethodName method) {
    for (String kind : KINDS) {
      EraseRecipe recipe = RecipeReader.builtIn(kind, method, List.of());
      assertThat(recipe.method()).isEqualTo(method);
      assertThat(RecipeReader.parse("itself", RecipeWriter.toYaml(recipe))).isEqualTo(recipe);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyKeyIsExplainedAndTheOtherKindsSayOnlyWhatDiffers(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    Path object = file.resolveSibling("object.yaml");
    Map<String, Object> standard = said(object);
    said(file)
        .forEach(
            (key, value) -> {
              int at = 0;
              while (!lines.get(at).startsWith(key + ":")) {
                at++;
              }
              assertThat(lines.get(at) + lines.get(at - 1)).as(key).contains("# ");
              // What RealEra's recipe of the kind would change has to be said again.
              if (!file.equals(object) && !key.equals("templates")) {
                assertThat(value).as(key).isNotEqualTo(standard.get(key));
              }
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "realera|alignment.alpha=0|alignment.alpha is 0.0",
        "realera|alignment.targets=[]|alignment.targets is empty, but names at least one module",
        "realera|alignment.targets=[\" \"]|alignment.targets is empty",
        "realera|alignment.gamma1=-1|alignment.gamma1 is -1.0",
        "realera|alignment.gamma2=-1|alignment.gamma2 is -1.0",
        "realera|alignment.max_grad_norm=-1|alignment.max_grad_norm is -1.0",
        "realera|alignment.weight_decay=-1|alignment.weight_decay is -1.0",
        "realera|alignment.checkpoint_every=0|alignment.checkpoint_every is 0",
        "realera|alignment.image_guidance=-1|alignment.image_guidance is -1.0",
        "realera|beyond.d2=-1|beyond.d2 is -1.0, but must be greater than 0",
        "realera|closed_form.lambda1=-1|closed_form.lambda1 is -1.0",
        "realera|closed_form.prefix_weight=-1|closed_form.prefix_weight is -1.0",
        "realera|closed_form.prior_weight=-1|closed_form.prior_weight is -1.0",
        "realera|closed_form.prior_leave_out=2|closed_form.prior_leave_out is 2.0",
        "realera|closed_form.preserve_weight=-1|closed_form.preserve_weight is -1.0",
        "realera|mining.d1=0|mining.d1 is 0.0",
        "realera|mining.d1_anchor=-1|mining.d1_anchor is -1.0",
        "realera|mining.s2=-2|mining.s2 is -2.0",
        "realera|mining.words=65|mining.words is 65",
        "realera|prior.captions=\" \"|prior.captions is empty",
        "realera|prior.without=[\" \"]|prior.without is empty",
        "realera|report.guidance=-1|report.guidance is -1.0",
        "realera|report.neighbors=[\" \"]|report.neighbors is empty",
        "realera|report.kept=[\" \"]|report.kept is empty",
        "uce|lamb=-1|lamb is -1.0",
        "uce|erase_scale=-0.5|erase_scale is -0.5",
        "uce|preserve_scale=x|preserve_scale must be a number",
        "uce|guide=nothing|guide must be one of anchor, empty",
        "uce|expand_prompts=[\"a photo\"]|must have {} in it exactly once",
        "uce|epochs=3|epochs is a setting of rece, not of uce",
        "uce|mining.d1=0.5|mining",
        "uce|preserve_scale=-1|preserve_scale is -1.0",
        "uce-2023|lamb=-1|lamb is -1.0",
        "uce-2023|erase_scale=-1|erase_scale is -1.0",
        "uce-2023|preserve_scale=-1|preserve_scale is -1.0",
        "uce-2023|expand_prompts=[\"a photo\"]|must have {} in it exactly once",
        "rece|epochs=0|epochs is 0",
        "rece|regular_scale=0|regular_scale is 0.0",
        "rece|erase_scale=-1|erase_scale is -1.0",
        "rece|preserve_scale=-1|preserve_scale is -1.0",
        "rece|lamb=-1|lamb is -1.0",
        "speed|params=q|params must be one of v, k, kv",
        "speed|threshold=0|threshold is 0.0",
        "speed|retain_scale=0|retain_scale is 0.0",
        "speed|aug_num=-1|aug_num is -1",
        "speed|aug_num=2000|aug_num is 2000",
        "speed|prior_prompts=-1|prior_prompts is -1",
        "speed|lamb=-1|lamb is -1.0",
        "esd-x|steps=0|steps is 0",
        "esd-x|sampler_steps=1|sampler_steps is 1",
        "esd-x|paper_sampler=no|paper_sampler must be true or false",
        "esd-x|start_guidance=-1|start_guidance is -1.0",
        "esd-u|learning_rate=0|learning_rate is 0.0",
        "esd-u|negative_guidance=-1|negative_guidance is -1.0",
        "esd-u|images=3|images is a setting of ac, not of esd-u",
        "ac|loss=l1|loss must be one of model-based, noise-based",
        "ac|batch=0|batch is 0",
        "ac|max_grad_norm=-1|max_grad_norm is -1.0",
        "ac|prior_weight=-1|prior_weight is -1.0",
        "ac|steps=0|steps is 0",
        "ac|images=0|images is 0",
        "sa|train_method=attn|train_method must be one of full, xattn, noxattn",
        "sa|lambda=-1|lambda is -1.0",
        "sa|fisher_timesteps=0|fisher_timesteps is 0",
        "sa|steps=0|steps is 0",
        "sa|batch=0|batch is 0",
        "sa|gamma=-1|gamma is -1.0",
        "sa|images=0|images is 0",
        "sa|replay_images=0|replay_images is 0",
        "mace|refinement.lambda=-1|refinement.lambda is -1.0",
        "mace|lora.prompt=a photo|must have {} in it exactly once",
        "mace|lora.steps=0|lora.steps is 0",
        "mace|masks.threshold=2|masks.threshold is 2.0",
        "mace|prompts=[]|prompts is empty",
        "mace|prompts=[\"a photo\"]|must have {} in it exactly once",
        "mace|hold.weight=-1|hold.weight is -1.0",
        "mace|hold.domain_weight=-1|hold.domain_weight is -1.0",
        "mace|hold.prompts=0|hold.prompts is 0",
        "mace|hold.counts_as=0|hold.counts_as is 0",
        "mace|lora.images=0|lora.images is 0",
        "mace|lora.rank=0|lora.rank is 0",
        "mace|lora.max_grad_norm=-1|lora.max_grad_norm is -1.0",
        "mace|masks.source=\" \"|masks.source is empty",
        "mace|masks.timestep=-1|masks.timestep is -1",
        "mace|fusion.lambda=-1|fusion.lambda is -1.0",
        "fmn|train=conv|train must be one of unet, attn2",
        "fmn|steps=0|steps is 0",
        "fmn|prompts=[\"a photo\"]|must have {} in it exactly once",
        "fmn|prompts=[]|prompts is empty",
        "fmn|max_grad_norm=-1|max_grad_norm is -1.0",
        "fmn|images=0|images is 0",
        "oce|prior_prompts=0|prior_prompts is 0",
        "oce|lamb=-1|lamb is -1.0",
        "oce|expand_prompts=[\"{}\", \"{}\"]|must not have an entry twice",
        "oce|erase_scale=-1|erase_scale is -1.0",
        "oce|prior_scale=-1|prior_scale is -1.0",
        "oce|preserve_scale=-1|preserve_scale is -1.0",
        "spm|rank=0|rank is 0",
        "spm|steps=0|steps is 0",
        "spm|warmup_steps=-1|warmup_steps is -1",
        "spm|cycles=0|cycles is 0",
        "spm|erase_guidance=-1|erase_guidance is -1.0",
        "spm|sampler_steps=1|sampler_steps is 1",
        "spm|anchor_strength=-1|anchor_strength is -1.0",
        "spm|anchors=0|anchors is 0",
      })
  void aSettingThatIsNoneIsRefused(String method, String setting, String message) {
    assertThatThrownBy(
            () -> RecipeReader.builtIn("object", MethodName.of(method), List.of(setting)))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message);
  }

  /** What would have no effect is refused, and no recipe that ships says it. */
  @ParameterizedTest
  @MethodSource("others")
  void wordsToLeaveOutOfRealTextAreForMethodsThatReadSome(MethodName method) {
    EraseRecipe pocket = RecipeReader.builtIn("pocket", method, List.of());
    boolean reads = List.of("speed", "oce", "sa", "mace").contains(method.label());
    assertThat(pocket.prior().without().isEmpty()).isEqualTo(!reads);
    assertThat(pocket.settings().hasPrior() && !reads).isFalse();
    if (reads) {
      assertThat(pocket.with("prior.without", List.of("king")).prior().without())
          .containsExactly("king");
    } else {
      assertThatThrownBy(
              () -> RecipeReader.builtIn("pocket", method, List.of("prior.without=[king]")))
          .isInstanceOf(RealeraException.class)
          .hasMessageContaining(
              "prior.without is of no use to " + method.label() + ", which holds no real text");
    }
  }

  @Test
  void selectiveAmnesiaThatReplaysNothingKeepsNothing() {
    List<String> settings = List.of("concepts=[{concept: a, anchor: b}]", "preserve=[dog]");
    EraseRecipe recipe = RecipeReader.builtIn("object", MethodName.SA, settings);
    recipe.with("gamma", 0).requireComplete();
    recipe.with("lambda", 0).requireComplete();
    EraseRecipe none = recipe.with(Map.of("gamma", 0, "lambda", 0));
    assertThatThrownBy(none::requireComplete)
        .isInstanceOf(RealeraException.class)
        .hasMessage("preserve has \"dog\", but gamma plus lambda is 0: nothing would hold it");
  }

  @Test
  void theWeightOfWhatUce2023HoldsFollowsTheNumberOfTexts() {
    Uce2023Settings published =
        RecipeReader.builtIn("object", MethodName.UCE_2023, List.of())
            .settings(Uce2023Settings.class);
    assertThat(published.preserveScale(1)).isEqualTo(1);
    assertThat(published.preserveScale(4)).isEqualTo(0.25);
    assertThat(published.preserveScale(50)).isEqualTo(0.1);
  }

  @Test
  void thePriorOfThePocketRecipesNamesNothingThatIsScored() {
    for (MethodName method : List.of(MethodName.SPEED, MethodName.OCE)) {
      assertThat(RecipeReader.builtIn("pocket", method, List.of()).prior().without())
          .contains("airplane", "biplane", "sedan", "sunset");
      assertThat(RecipeReader.builtIn("object", method, List.of()).prior().without())
          .contains("airplane", "lorry")
          .doesNotContain("biplane");
    }
    assertThat(EraseRecipe.DEFAULT.prior()).isEqualTo(new PriorSettings("vocabulary", List.of()));
  }
}
