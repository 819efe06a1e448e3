package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Version;
import org.realera.checkpoint.Manifest;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeWriter;
import org.realera.convert.Target;
import org.realera.diffusion.DrawnWord.Role;
import org.realera.diffusion.Sight;
import org.realera.diffusion.Verdict;
import org.realera.files.Changed;
import org.realera.files.Json;
import org.realera.method.Stage;
import org.realera.tensor.Compute;
import org.realera.tensor.Precision;

/** What a run that goes on must have in common with the one before, and what a cache must. */
class RunManifestTest {
  private static final SortedMap<String, String> PRINTS =
      new TreeMap<>(Map.of("unet", "aa", "text_encoder", "bb", "vae", "cc", "config", "dd"));
  private static final Compute CPU = new Compute(Device.cpu(), Precision.FP32, true);
  private static final String ENGINE = "PyTorch 2, 4 threads";
  private static final EraseRecipe RECIPE =
      EraseRecipe.DEFAULT.with(
          Map.of("concepts", List.of(new ConceptPair("cat", "sofa")), "seed", 7));

  @TempDir private Path folder;

  private static RunManifest manifest(
      SortedMap<String, String> prints, Compute compute, String engine) {
    RunManifest manifest =
        RunManifest.of(
            "pocket", prints, compute, engine, RECIPE, Map.of("captions", "ee"), Target.DELTA);
    manifest.result(Stage.TEXT, Map.of("prompts", 3));
    manifest.losses(List.of(0.5));
    manifest.timings(Map.of("total", 1.5));
    return manifest;
  }

  private static RunManifest manifest() {
    return manifest(PRINTS, CPU, ENGINE);
  }

  /** In what a run differs from one whose realera.json has another value. */
  private List<String> differences(String pointer, String json) throws IOException {
    manifest().write(folder);
    Path file = folder.resolve(Manifest.FILE);
    Changed.value(file, pointer, json);
    return Json.differences(RunManifest.settings(Manifest.read(folder)), manifest().settings());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/realera | \"0.0\" | realera: \"0.0\" there, ",
        "/model/sha256/unet | \"ff\" | model.unet: \"ff\" there, \"aa\" here",
        "/model/sha256/text_encoder | \"ff\" | model.text_encoder: \"ff\" there, \"bb\" here",
        "/model/sha256/vae | \"ff\" | model.vae: \"ff\" there, \"cc\" here",
        "/model/sha256/config | \"ff\" | model.config: \"ff\" there, \"dd\" here",
        "/compute/device | \"cuda\" | device: \"cuda\" there, \"cpu\" here",
        "/compute/dtype | \"bf16\" | dtype: \"bf16\" there, \"fp32\" here",
        "/compute/gradient_checkpointing | null | gradient_checkpointing: nothing there, true here",
        "/files/captions | \"ff\" | files.captions: \"ff\" there, \"ee\" here",
        "/files | null | files: nothing there, {\"captions\":\"ee\"} here",
        "/to | \"lora\" | to: \"lora\" there, \"delta\" here",
        "/to | null | to: nothing there, \"delta\" here",
        "/recipe/method | \"uce\" | recipe.method: \"uce\" there, \"realera\" here",
        "/recipe/concepts | [] | recipe.concepts: [] there, [{\"concept\":\"cat\",",
        "/recipe/templates | [\"{}\"] | recipe.templates: [\"{}\"] there, ",
        "/recipe/preserve | [\"dog\"] | recipe.preserve: [\"dog\"] there, [] here",
        "/recipe/seed | 1 | recipe.seed: 1 there, 7 here",
        "/recipe/prior/without | [\"dog\"] | recipe.prior.without: [\"dog\"] there, [] here",
        "/recipe/mining/d1 | 0.5 | recipe.mining.d1: 0.5 there, 0.72 here",
        "/recipe/alignment/steps | 1 | recipe.alignment.steps: 1 there, ",
      })
  void anOutputOfAnotherSettingIsToldByItsName(String pointer, String json, String told)
      throws IOException {
    assertThat(differences(pointer, json)).hasSize(1).first().asString().startsWith(told);
  }

  /** Where a model lies and how long its making took has no part in its bytes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/model/ref | \"elsewhere\"",
        "/compute/engine | \"PyTorch 2, 8 threads\"",
        "/results | {}",
        "/losses | []",
        "/timings | {}",
      })
  void whatHasNoPartInTheBytesIsNoDifference(String pointer, String json) throws IOException {
    assertThat(differences(pointer, json)).isEmpty();
  }

  @Test
  void theTypeThatNetworksRunInIsPartOfTheSettings() {
    for (Precision precision : Precision.values()) {
      RunManifest manifest = manifest(PRINTS, new Compute(Device.gpu(1), precision), ENGINE);
      assertThat(manifest.settings().path("device").asText()).isEqualTo("cuda");
      assertThat(manifest.settings().path("dtype").asText()).isEqualTo(precision.label());
    }
  }

  /** The manifest's own words stay: a cache and a resumed run compare them to the letter. */
  @Test
  void oneThreadIsOneToThePage() {
    RunManifest manifest = manifest(PRINTS, CPU, "PyTorch 2, 1 threads");
    assertThat(manifest.facts().get("Computed on")).endsWith(", PyTorch 2, 1 thread");
    assertThat(manifest(PRINTS, CPU, "PyTorch 2, 11 threads").facts().get("Computed on"))
        .endsWith(", 11 threads");
  }

  /** Where only a delta is made of a large model, the rest of its U-Net is not read. */
  @Test
  void thePageNamesWhatWasReadOfTheUnet() {
    assertThat(manifest().facts())
        .containsEntry("U-Net", "SHA-256 aa")
        .doesNotContainKey("Its keys and values");
    SortedMap<String, String> part = new TreeMap<>(PRINTS);
    part.remove("unet");
    part.put("unet_projections", "ff");
    assertThat(manifest(part, CPU, ENGINE).facts())
        .containsEntry("Its keys and values", "SHA-256 ff")
        .doesNotContainKey("U-Net");
  }

  @Test
  void theFormOfTheOutputAloneMayChangeOnTheWay() {
    JsonNode work = RunManifest.settingsOfWork(manifest().settings());
    assertThat(work.fieldNames())
        .toIterable()
        .containsExactly(
            "realera", "model", "device", "dtype", "gradient_checkpointing", "files", "recipe");
  }

  /** Another model's or machine's embeddings would be held in place of this one's. */
  @ParameterizedTest
  @ValueSource(strings = {"text_encoder", "config"})
  void embeddingsOfAnotherEncoderAreNotTakenFromTheCache(String part) {
    SortedMap<String, String> other = new TreeMap<>(PRINTS);
    other.put(part, "ff");
    assertThat(manifest(other, CPU, ENGINE).textKey()).isNotEqualTo(manifest().textKey());
  }

  @Test
  void embeddingsOfAnotherDeviceOrEngineAreNotTakenFromTheCache() {
    List<String> key = manifest().textKey();
    Compute gpu = new Compute(Device.gpu(0), Precision.FP32, true);
    assertThat(manifest(PRINTS, gpu, ENGINE).textKey()).isNotEqualTo(key);
    assertThat(manifest(PRINTS, CPU, "PyTorch 2, 8 threads").textKey()).isNotEqualTo(key);
  }

  /** The text encoder runs in fp32, and knows nothing of the U-Net. */
  @Test
  void embeddingsServeEveryUnetAndPrecision() {
    SortedMap<String, String> other = new TreeMap<>(PRINTS);
    other.put("unet", "ff");
    Compute bf16 = new Compute(Device.cpu(), Precision.BF16);
    assertThat(manifest(other, bf16, ENGINE).textKey()).isEqualTo(manifest().textKey());
  }

  @Test
  void theFileSaysAllThatTheRunTold() throws IOException {
    RunManifest manifest = manifest();
    manifest.written(List.of("a.weight", "b.weight"), List.of("left"));
    manifest.check(new Verdict("a judge", List.of(new Sight(Role.KEPT, "cat", "dog", 98, 1))));
    manifest.resumed(List.of("PyTorch 1"));
    Path source = Files.createDirectory(folder.resolve("source"));
    Files.writeString(source.resolve(Manifest.FILE), "{\"seed\": 9, \"timings\": {\"total\": 1}}");
    manifest.previous(source);
    manifest.write(folder);
    ObjectNode found = (ObjectNode) Json.read(folder.resolve(Manifest.FILE));
    assertThat(found.remove("realera").asText()).isEqualTo(Version.current());
    assertThat(Json.text(found.remove("recipe")))
        .isEqualTo(Json.text(Json.tree(RecipeWriter.toTree(RECIPE))));
    assertThat(Json.text(found))
        .isEqualTo(
            Json.text(
                Json.READER.readTree(
                    """
                    {"model": {"ref": "pocket",
                       "sha256": {"config": "dd", "text_encoder": "bb", "unet": "aa", "vae": "cc"},
                       "previous": {"seed": 9}},
                     "compute": {"device": "cpu", "dtype": "fp32",
                       "engine": "PyTorch 2, 4 threads", "gradient_checkpointing": true},
                     "seed": 7, "files": {"captions": "ee"}, "to": "delta",
                     "results": {"text": {"prompts": 3},
                       "write": {"tensors": ["a.weight", "b.weight"], "left_out": ["left"]},
                       "check": {"judge": "a judge", "words": [{"role": "kept", "word": "cat",
                         "shows": "dog", "before": 98.0, "after": 1.0}]},
                       "resumed": {"computed_before": ["PyTorch 1"]}},
                     "losses": [0.5], "timings": {"total": 1.5}}
                    """)));
  }

  @Test
  void thePageSaysWhatMadeTheModel() {
    assertThat(manifest().facts())
        .containsExactly(
            entry("Method", "RealEra"),
            entry("Model", "pocket"),
            entry("U-Net", "SHA-256 aa"),
            entry("Seed", "7"),
            entry("Computed on", "cpu in fp32, with gradient checkpointing, PyTorch 2, 4 threads"),
            entry("Made by", "realera " + Version.current()));
  }
}
