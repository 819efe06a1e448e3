package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.Manifest;
import org.realera.convert.ModelDiff;
import org.realera.convert.ModelInfo;
import org.realera.convert.TensorDifference;
import org.realera.files.Json;
import org.realera.hub.CachedModels.Cached;

/** What {@code model info} and {@code model list} say of which value. */
class ModelInfoPrinterTest {
  private static final ModelInfo.Part UNET =
      new ModelInfo.Part("unet", 1200, 3, new TreeMap<>(Map.of("F16", 1, "F32", 2)), 3000);
  private static final ModelInfo.Part VAE =
      new ModelInfo.Part("vae", 20, 4, new TreeMap<>(Map.of("F32", 4)), 80);

  private final Said said = new Said();
  private final ModelInfoPrinter printer = new ModelInfoPrinter(said.console(), false);

  private static ModelInfo info(
      boolean supported, Map<String, String> facts, @Nullable Manifest manifest) {
    return new ModelInfo(
        Path.of("found"),
        "a form",
        "a kind",
        supported,
        facts,
        List.of(UNET, VAE),
        Optional.ofNullable(manifest));
  }

  @Test
  void anErasedModelTellsWhatMadeItAndADifferenceWhichOfTheTwoLacksATensor() throws Exception {
    Manifest manifest =
        Json.READER.readValue(
            """
            {"realera": "0.2.1", "model": {"ref": "a/b"}, "seed": 7,
             "recipe": {"concepts": [{"concept": "cat", "anchor": "dog"},
               {"concept": "car", "anchor": "road"}]}}
            """,
            Manifest.class);
    TreeMap<String, TensorDifference> changed = new TreeMap<>();
    changed.put("unet.k", new TensorDifference(0.5, OptionalDouble.of(0.125)));
    changed.put("unet.v", new TensorDifference(2, OptionalDouble.empty()));
    ModelDiff diff =
        new ModelDiff(
            changed, List.of("unet.other"), List.of("unet.added"), List.of("unet.gone"), 11, 5);
    printer.info(info(true, Map.of("text", "long"), manifest), "c/d", diff);
    assertThat(said.rows())
        .containsExactly(
            "found: a kind",
            "  form | a form, 3.1 kB",
            "  text | long",
            "  unet | 1,200 parameters in 3 tensors, 1 F16 + 2 F32, 3.0 kB",
            "  vae | 20 parameters in 4 tensors, F32, 0.1 kB",
            "  in all | 1,220 parameters",
            "  made by | realera 0.2.1 from a/b, seed 7",
            "  erased | cat=dog, car=road",
            "",
            "2 tensors differ from c/d:",
            "   relative | largest | tensor",
            "   1.25e-01 | 5.00e-01 | unet.k",
            "| - | 2.00e+00 | unet.v",
            "  other shape: unet.other",
            "  not in the base: unet.added",
            "  only in the base: unet.gone",
            "11 tensors are the same, 5 in another type.");
  }

  @Test
  void aFileThatTellsItsVersionIsRealerasAndAnyOtherOfNobodyKnown() {
    printer.info(info(false, Map.of("version", "0.2.1"), null));
    assertThat(said.rows())
        .startsWith("found: a kind (realera can't work with it)")
        .endsWith("  made by | realera");
    printer.info(info(true, Map.of(), null));
    assertThat(said.rows()).endsWith("  made by | not known (it has no realera.json)");
  }

  @Test
  void aListTellsOfEachModelItsSizeAndWhatToDoAboutIt() {
    Cached ready = new Cached("a/b", Path.of("kept"), 12_000, true, false, "");
    Cached torn = new Cached("c/d", Path.of("torn"), 3400, false, true, "a hole");
    Cached odd = new Cached("e/f", Path.of("odd"), 5600, false, false, "pickles only");
    printer.list(List.of(ready, torn, odd), Path.of("cache"));
    assertThat(said.rows())
        .containsExactly(
            "pocket | built in",
            "a/b | 12.0 kB | ready",
            "c/d | 3.4 kB | not complete; run realera model pull c/d",
            "e/f | 5.6 kB | can't be used: pickles only");
    assertThat(said.notes()).isEqualTo("realera: the hub cache is cache\n");
  }
}
