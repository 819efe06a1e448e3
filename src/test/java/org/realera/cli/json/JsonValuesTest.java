package org.realera.cli.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.concept.ConceptDistance;
import org.realera.concept.ConceptDistance.Zone;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.config.RecipeReader;
import org.realera.convert.ConvertRequest;
import org.realera.convert.ConvertResult;
import org.realera.convert.ModelDiff;
import org.realera.convert.ModelInfo;
import org.realera.convert.Target;
import org.realera.convert.TensorDifference;
import org.realera.diffusion.DrawnWord.Role;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.Sight;
import org.realera.diffusion.SldSettings;
import org.realera.diffusion.Verdict;
import org.realera.erase.ErasePreview;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.erase.Scope;
import org.realera.files.Json;
import org.realera.hub.CachedModels.Cached;
import org.realera.hub.HubPull.Pulled;
import org.realera.method.Stage;
import org.realera.tensor.ComputeChoice;

/** Which value stands under which key: no two of an object are equal. */
class JsonValuesTest {
  private static final ModelRef MODEL = new ModelRef("a/b", Path.of("found"));
  private static final EraseRecipe RECIPE =
      RecipeReader.parse("a test", "method: uce\nconcepts: [{concept: cat, anchor: dog}]\nseed: 7");

  @TempDir private Path folder;

  private static void assertForm(Record form, String typed) throws JsonProcessingException {
    assertThat(Json.WRITER.writeValueAsString(Json.ofRecord(form)))
        .isEqualTo(Json.WRITER.writeValueAsString(Json.READER.readTree(typed)));
  }

  private static EraseRequest request(Path out, Target to) {
    ComputeChoice cpu = ComputeChoice.of("cpu", "fp32");
    return new EraseRequest(MODEL, RECIPE, out, to, cpu, false, false, null);
  }

  private static EraseResult result(Path out, Map<Stage, String> summaries, boolean there) {
    return new EraseResult(out, Path.of("manifest"), Path.of("page"), summaries, 1.25, there);
  }

  @Test
  void anErasureTellsWhereEachFileIsAndWhatTheImagesShow() throws JsonProcessingException {
    Path out = Path.of("out");
    Sight sight = new Sight(Role.NEIGHBOR, "kitten", "cat", 98.7654, 1.2345);
    Verdict verdict = new Verdict("a judge", List.of(sight));
    assertForm(
        EraseJson.of(
            request(out, Target.LORA), result(out, Map.of(Stage.TRAINING, "long"), false), verdict),
        """
        {"model": "a/b", "concepts": [{"concept": "cat", "anchor": "dog"}], "out": "out",
         "written": "%s", "report": "page", "manifest": "manifest", "already_there": false,
         "stages": {"training": "long"}, "seconds": 1.25,
         "check": {"judge": "a judge",
           "words": [{"role": "neighbor", "word": "kitten", "shows": "cat", "before": 98.77,
             "after": 1.23}]}}
        """
            .formatted(out.resolve("lora.safetensors").toString().replace("\\", "\\\\")));
    assertForm(
        EraseJson.of(request(out, Target.DIFFUSERS), result(out, Map.of(), true), null),
        """
        {"model": "a/b", "concepts": [{"concept": "cat", "anchor": "dog"}], "out": "out",
         "written": "out", "report": "page", "manifest": "manifest", "already_there": true,
         "stages": {}, "seconds": 1.25}
        """);
  }

  @Test
  void aPlanTellsTheWholeRecipeAndWhetherTheOutputIsThere() throws Exception {
    String plan =
        """
        {"model": "a/b", "folder": "found", "network": "a network", "device": "a device",
         "out": "%s", "to": "single-file", "out_exists": %s,
         "recipe": {
           "method": "uce", "concepts": [{"concept": "cat", "anchor": "dog"}],
           "templates": ["a photo of the {}", "a photo of a {}", "a picture of a {}", "{}"],
           "preserve": [], "seed": 7, "prior": {"captions": "vocabulary", "without": []},
           "guide": "anchor", "erase_scale": 1.0, "preserve_scale": 1.0, "lamb": 0.5,
           "expand_prompts": [],
           "report": {"pictures": "auto", "seeds": 2, "steps": 25, "guidance": 7.5,
             "neighbors": [], "kept": ["dog", "house", "tree"]}}}
        """;
    ErasePreview found = new ErasePreview("a network", "a device");
    Path out = folder.resolve("out");
    String escaped = out.toString().replace("\\", "\\\\");
    EraseRequest request = request(out, Target.SINGLE_FILE);
    assertForm(ErasePlanJson.of(request, found), plan.formatted(escaped, false));
    Files.createDirectory(out);
    assertForm(ErasePlanJson.of(request, found), plan.formatted(escaped, true));
  }

  @Test
  void aPictureTellsHowItWasDrawn() throws JsonProcessingException {
    ImageRequest plain = new ImageRequest("a cat", "a hat", 3, 4, 5.5, 6, 7);
    ImageRequest safe = plain.with(new SafeGuidance("nudity", SldSettings.STRONG));
    GenerateJson.Picture one = GenerateJson.Picture.of(Path.of("one.png"), plain, null);
    GenerateJson.Picture two =
        GenerateJson.Picture.of(Path.of("two.png"), safe, Path.of("adapters"));
    assertForm(
        new GenerateJson(List.of(one, two)),
        """
        {"pictures": [
          {"file": "one.png", "prompt": "a cat", "seed": 3, "steps": 4, "guidance": 5.5,
           "width": 6, "height": 7},
          {"file": "two.png", "prompt": "a cat", "seed": 3, "steps": 4, "guidance": 5.5,
           "width": 6, "height": 7, "safe": "nudity", "sld": "strong", "spm": "adapters"}]}
        """);
  }

  @Test
  void aRangeTellsItsRadiiAndHowFarEachTextLies() throws JsonProcessingException {
    Scope.Near near =
        new Scope.Near("tom", Scope.Source.LIST, new ConceptDistance(0.5, 0.25), Zone.BETWEEN);
    MiningSettings mining = new MiningSettings(true, 20, 0.72, 0.18, 0.98, 0.7, 12);
    String prompt = "a photo of the cat";
    assertForm(
        ScopeJson.of(List.of(new Scope.Range("cat", prompt, mining, 1.1, List.of(near), 355))),
        """
        {"ranges": [{"concept": "cat", "prompt": "a photo of the cat", "d1": 0.72, "d2": 1.1,
          "s2": 0.7, "words": 12, "vocabulary": 355,
          "texts": [{"text": "tom", "source": "list", "distance": 0.5, "cosine": 0.25,
            "zone": "between"}]}]}
        """);
  }

  @Test
  void aConversionTellsWhatEachLayerMisses() throws JsonProcessingException {
    ConvertRequest lora =
        new ConvertRequest(
            MODEL,
            Target.LORA,
            Path.of("asked"),
            Optional.of(new ModelRef("c/d", Path.of("base"))),
            Optional.empty(),
            Optional.empty(),
            4,
            false);
    ConvertResult.Layer keys = new ConvertResult.Layer("mid.to_k", "32x16", 2, 3, 9, 0.5, 0.001);
    ConvertResult.Layer values = new ConvertResult.Layer("mid.to_v", "32x16", 2, 4, 8, 0, 0.002);
    ConvertResult result =
        new ConvertResult(Path.of("written"), 2048, 6, List.of(keys, values), List.of("a note"));
    assertForm(
        ModelConvertJson.of(lora, result),
        """
        {"model": "a/b", "base": "c/d", "to": "lora", "out": "written", "bytes": 2048,
         "tensors": 6, "change_missed": %s,
         "layers": [
           {"module": "mid.to_k", "rank": 3, "exact_rank": 9, "error": 0.5, "weight_error": 0.001},
           {"module": "mid.to_v", "rank": 4, "exact_rank": 8, "error": 0.0, "weight_error": 0.002}],
         "notes": ["a note"]}
        """
            .formatted(Math.sqrt(0.125)));
    ConvertRequest whole =
        new ConvertRequest(
            MODEL,
            Target.DIFFUSERS,
            Path.of("asked"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            4,
            false);
    assertForm(
        ModelConvertJson.of(
            whole, new ConvertResult(Path.of("written"), 2048, 6, List.of(), List.of())),
        """
        {"model": "a/b", "to": "diffusers", "out": "written", "bytes": 2048, "tensors": 6,
         "notes": []}
        """);
  }

  @Test
  void aModelTellsItsPartsWhatMadeItAndWhatIsOnlyInOneOfTwo() throws JsonProcessingException {
    Manifest manifest =
        new Manifest(
            "0.2.1",
            new Manifest.Model("c/d", new TreeMap<>(Map.of("unet", "0123")), null),
            new Manifest.Compute("cpu", "fp32", "an engine", null),
            7,
            null,
            Json.READER.readTree("{\"concepts\": [{\"concept\": \"cat\", \"anchor\": \"dog\"}]}"),
            null,
            Map.of(),
            null,
            null);
    ModelInfo.Part unet =
        new ModelInfo.Part("unet", 100, 3, new TreeMap<>(Map.of("F16", 1, "F32", 2)), 380);
    ModelInfo.Part vae = new ModelInfo.Part("vae", 20, 4, new TreeMap<>(Map.of("F32", 4)), 80);
    ModelInfo info =
        new ModelInfo(
            Path.of("found"),
            "a form",
            "a kind",
            true,
            Map.of("text", "long"),
            List.of(unet, vae),
            Optional.of(manifest));
    TreeMap<String, TensorDifference> changed = new TreeMap<>();
    changed.put("unet.k", new TensorDifference(0.5, OptionalDouble.of(0.125)));
    changed.put("unet.v", new TensorDifference(2, OptionalDouble.empty()));
    ModelDiff diff =
        new ModelDiff(
            changed, List.of("unet.other"), List.of("unet.added"), List.of("unet.gone"), 11, 5);
    assertForm(
        ModelInfoJson.of(info, ModelInfoJson.Diff.of("e/f", diff)),
        """
        {"location": "found", "form": "a form", "kind": "a kind", "supported": true, "bytes": 460,
         "parameters": 120, "facts": {"text": "long"},
         "parts": {
           "unet": {"parameters": 100, "tensors": 3, "types": {"F16": 1, "F32": 2}, "bytes": 380},
           "vae": {"parameters": 20, "tensors": 4, "types": {"F32": 4}, "bytes": 80}},
         "realera": {"version": "0.2.1", "base": "c/d", "base_sha256": {"unet": "0123"},
           "concepts": ["cat=dog"], "seed": 7},
         "diff": {"base": "e/f",
           "changed": {"unet.k": {"largest": 0.5, "relative": 0.125}, "unet.v": {"largest": 2.0}},
           "other_shape": ["unet.other"], "not_in_base": ["unet.added"],
           "only_in_base": ["unet.gone"], "same": 11, "same_in_another_type": 5}}
        """);
    ModelInfo other =
        new ModelInfo(
            Path.of("file"), "a form", "a kind", false, Map.of(), List.of(vae), Optional.empty());
    assertForm(
        ModelInfoJson.of(other, null),
        """
        {"location": "file", "form": "a form", "kind": "a kind", "supported": false, "bytes": 80,
         "parameters": 20, "facts": {},
         "parts": {"vae": {"parameters": 20, "tensors": 4, "types": {"F32": 4}, "bytes": 80}}}
        """);
  }

  @Test
  void aListTellsTheSizeAndTheTroubleOfEachModel() throws JsonProcessingException {
    Cached ready = new Cached("a/b", Path.of("kept"), 12, true, false, "");
    Cached torn = new Cached("c/d", Path.of("torn"), 34, false, true, "a hole");
    assertForm(
        ModelListJson.of(Path.of("cache"), List.of(ready, torn)),
        """
        {"cache": "cache", "models": [
          {"name": "a/b", "folder": "kept", "bytes": 12, "ready": true, "problem": ""},
          {"name": "c/d", "folder": "torn", "bytes": 34, "ready": false, "problem": "a hole"}]}
        """);
  }

  @Test
  void aPullTellsWhatWasFetchedOfHowMuch() throws JsonProcessingException {
    assertForm(
        ModelPullJson.of(new Pulled("a/b", "0123", Path.of("snapshot"), 3, 5000, 4000)),
        """
        {"model": "a/b", "commit": "0123", "folder": "snapshot", "files": 3, "bytes": 5000,
         "fetched": 4000}
        """);
  }
}
