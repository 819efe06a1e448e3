package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.FolderWriter;
import org.realera.checkpoint.Manifest;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.convert.Target;
import org.realera.files.Json;
import org.realera.golden.Golden;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.Weights;

/** {@code erase --to}: what is written in place of a folder. */
class EraseToTest {
  private static EraseRecipe closedForm;
  private static EraseRecipe uce;
  @TempDir Path root;

  @BeforeAll
  static void recipes() {
    closedForm =
        TinyModel.recipe().with("alignment.enabled", false).with("report.pictures", "never");
    uce =
        RecipeReader.builtIn("object", MethodName.UCE, List.of("report.pictures=never"))
            .with("concepts", closedForm.concepts());
  }

  private Path erase(EraseRecipe recipe, Path model, Target to, String out, boolean resume) {
    EraseRequest plain = TinyModel.request(recipe, root.resolve(out));
    EraseRequest request =
        new EraseRequest(
            new org.realera.checkpoint.ModelRef("tiny", model),
            recipe,
            plain.out(),
            to,
            plain.compute(),
            resume,
            false,
            null);
    TinyRuns.run(request);
    return request.written();
  }

  private Path erase(EraseRecipe recipe, Target to, String out) {
    return erase(recipe, Golden.path("tiny-sd"), to, out, false);
  }

  private static List<String> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aDeltaHoldsTheTensorsThatTheFolderWouldHave() throws IOException {
    Path folder = erase(closedForm, Target.DIFFUSERS, "folder");
    Path file = erase(closedForm, Target.DELTA, "delta");
    assertThat(files(file.getParent()))
        .containsExactly("delta.safetensors", "realera.json", "report.html");
    JsonNode manifest = Json.read(root.resolve("delta").resolve(Manifest.FILE));
    JsonNode whole = Json.read(folder.resolve(Manifest.FILE));
    try (SafetensorsFile delta = SafetensorsFile.open(file);
        Weights unet = Checkpoint.open(folder).openUnet();
        Weights before = Checkpoint.open(Golden.path("tiny-sd")).openUnet();
        NDManager scope = NDManager.newBaseManager()) {
      assertThat(delta.tensors()).isNotEmpty();
      for (String name : unet.tensors().keySet()) {
        NDArray wanted = unet.read(name, scope);
        if (delta.tensors().containsKey(name)) {
          assertThat(delta.read(name, scope)).as(name).isEqualTo(wanted);
          assertThat(wanted).isNotEqualTo(before.read(name, scope));
        } else {
          assertThat(wanted).as(name).isEqualTo(before.read(name, scope));
        }
      }
      assertThat(delta.metadata())
          .containsEntry("realera.erased", "house=the city")
          .containsEntry("realera.erased_from", "tiny")
          .containsEntry("realera.seed", String.valueOf(closedForm.seed()))
          .containsEntry("modelspec.title", "tiny without house=the city")
          .containsEntry(
              "realera.base.sha256.unet_projections",
              manifest.at("/model/sha256/unet_projections").asText());
    }
    assertThat(manifest.path("to").asText()).isEqualTo("delta");
    assertThat(whole.has("to")).isFalse();
    assertThat(manifest.at("/model/sha256/text_encoder"))
        .isEqualTo(whole.at("/model/sha256/text_encoder"));
    assertThat(manifest.at("/model/sha256").size())
        .as("with configuration, tokenizer")
        .isEqualTo(4);
  }

  @Test
  void aDeltaOfAClosedFormOpensNothingElse() throws IOException {
    Path model = TinyModel.copy(root.resolve("model"));
    Path expected = erase(closedForm, model, Target.DELTA, "before", false);
    Path vae = model.resolve("vae/diffusion_pytorch_model.safetensors");
    Files.write(vae, new byte[] {1, 2, 3});
    Path found = erase(closedForm, model, Target.DELTA, "after", false);
    assertThat(Files.readAllBytes(found)).isEqualTo(Files.readAllBytes(expected));
    assertThatThrownBy(() -> erase(closedForm, model, Target.DIFFUSERS, "whole", false))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(vae.toString());
  }

  /** Images are drawn with what the closed form leaves alone, so that is checked as well. */
  @Test
  void aDeltaWithImagesReadsTheWholeModel() throws IOException {
    EraseRecipe drawn =
        closedForm
            .with("report.pictures", "always")
            .with("report.seeds", 1)
            .with("report.steps", 1)
            .with("report.kept", List.of());
    erase(drawn, Target.DELTA, "delta");
    assertThat(Json.read(root.resolve("delta").resolve(Manifest.FILE)).at("/model/sha256"))
        .isEqualTo(Json.tree(Checkpoint.open(Golden.path("tiny-sd")).fingerprints()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Target.class,
      names = {"LORA", "KOHYA"})
  void loraOfALowRankChangeIsTheWholeChange(Target to) {
    Path folder = erase(uce, Target.DIFFUSERS, "folder");
    Path file = erase(uce, to, "lora");
    try (SafetensorsFile lora = SafetensorsFile.open(file);
        Weights after = Checkpoint.open(folder).openUnet();
        Weights before = Checkpoint.open(Golden.path("tiny-sd")).openUnet();
        NDManager scope = NDManager.newBaseManager()) {
      int layers = 0;
      for (String name : after.tensors().keySet()) {
        if (!name.matches(".*attn2\\.to_[kv]\\.weight")) {
          continue;
        }
        layers++;
        String module = name.substring(0, name.length() - ".weight".length());
        boolean kohya = to == Target.KOHYA;
        String stem = kohya ? "lora_unet_" + module.replace('.', '_') : "unet." + module;
        NDArray up = lora.read(stem + (kohya ? ".lora_up" : ".lora_B") + ".weight", scope);
        NDArray down = lora.read(stem + (kohya ? ".lora_down" : ".lora_A") + ".weight", scope);
        NDArray w = before.read(name, scope).add(up.matMul(down));
        assertThat(Golden.relativeError(w, after.read(name, scope))).isLessThan(1e-6);
        assertThat(up.getShape().get(1)).isLessThan(w.getShape().get(0) / 2);
      }
      assertThat(lora.tensors()).hasSize(layers * (to == Target.KOHYA ? 3 : 2));
    }
  }

  /** In a type of few digits, too: what is small beside the weights is change, not rounding. */
  @Test
  void loraOfANarrowModelIsTheWholeChangeToo() {
    Path narrow = root.resolve("bf16");
    FolderWriter.write(
        Checkpoint.open(Golden.path("tiny-sd")), Map.of(), Optional.of(DType.BF16), narrow);
    Path wide = root.resolve("fp32"); // the same numbers
    FolderWriter.write(Checkpoint.open(narrow), Map.of(), Optional.of(DType.F32), wide);
    EraseRecipe gentle = uce.with("lamb", 1000);
    try (SafetensorsFile found =
            SafetensorsFile.open(erase(gentle, narrow, Target.LORA, "narrow", false));
        SafetensorsFile expected =
            SafetensorsFile.open(erase(gentle, wide, Target.LORA, "wide", false))) {
      assertThat(found.tensors()).isEqualTo(expected.tensors());
    }
  }

  @Test
  void loraThatWouldBeLargerThanADeltaIsRefusedAndNothingIsLeft() {
    assertThatThrownBy(() -> erase(closedForm, Target.LORA, "lora"))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> assertThat(e.kind()).isEqualTo(RealeraException.Kind.USAGE))
        .hasMessageContaining("LoRA that holds it is larger than the delta");
    assertThat(root).isEmptyDirectory();
  }

  /** Before anything begins that takes hours: biases and norms are no layers that LoRA has. */
  @ParameterizedTest
  @CsvSource({
    "ESD_X, steps=1",
    "ESD_U, steps=1",
    "FMN, steps=1",
    "SA, steps=1",
    "AC, parameter_group=attn"
  })
  void whatLoraCanNotSayIsRefusedBeforeItIsTrained(MethodName method, String setting) {
    EraseRecipe recipe =
        RecipeReader.builtIn("object", method, List.of(setting, "report.pictures=never"))
            .with("concepts", closedForm.concepts());
    EraseRequest plain = TinyModel.request(recipe, root.resolve("lora"));
    EraseRequest request =
        new EraseRequest(
            plain.model(), recipe, plain.out(), Target.LORA, plain.compute(), false, false, null);
    Progress untouched =
        new Progress() {
          @Override
          public void begin(String task, long steps) {
            throw new AssertionError("begins to " + task);
          }
        };
    List<ThrowingCallable> ways =
        List.of(
            () -> Erasure.run(request, untouched, TinyRuns.CACHE), () -> ErasePreview.of(request));
    for (ThrowingCallable way : ways) {
      assertThatThrownBy(way)
          .isInstanceOfSatisfying(
              RealeraException.class,
              e -> assertThat(e.kind()).isEqualTo(RealeraException.Kind.USAGE))
          .hasMessageStartingWith(method.label() + " trains biases, such as ")
          .hasMessageEndingWith("], which LoRA can't hold");
    }
    assertThat(root).isEmptyDirectory();
  }

  /** Whether LoRA can say the change is known when hours of training are over. */
  @Test
  void whatWasTrainedForLoraThatCanNotBeWrittenGoesOnToADelta() throws IOException {
    EraseRecipe trained = TinyModel.recipe();
    Path model = Golden.path("tiny-sd");
    assertThatThrownBy(() -> erase(trained, Target.LORA, "out"))
        .hasMessageContaining("LoRA that holds it is larger than the delta");
    assertThatThrownBy(() -> erase(trained.with("seed", 1), model, Target.DELTA, "out", true))
        .hasMessageContaining("had other settings: recipe.seed");
    Path found = erase(trained, model, Target.DELTA, "out", true);
    Path expected = erase(trained, Target.DELTA, "afresh");
    assertThat(found).hasSameBinaryContentAs(expected);
    assertThat(Json.read(root.resolve("out").resolve(Manifest.FILE)).at("/to").asText())
        .isEqualTo("delta");
  }

  /** What stands beside the model belongs to the output as much as the model does. */
  @Test
  void aCompleteOneOfSpmLacksItsAdaptersIfTheyAreGone() throws IOException {
    EraseRecipe spm =
        RecipeReader.builtIn("object", MethodName.SPM, List.of("steps=1", "report.pictures=never"))
            .with("concepts", closedForm.concepts());
    Path model = Golden.path("tiny-sd");
    erase(spm, Target.DIFFUSERS, "out");
    erase(spm, model, Target.DIFFUSERS, "out", true);
    Files.delete(root.resolve("out/spm.safetensors"));
    assertThatThrownBy(() -> erase(spm, model, Target.DIFFUSERS, "out", true))
        .hasMessageContaining("is not complete any more");
  }

  @Test
  void aSingleFileIsTheModelOfTheFolder() throws IOException {
    Path folder = erase(closedForm, Target.DIFFUSERS, "folder");
    Path file = erase(closedForm, Target.SINGLE_FILE, "single");
    assertThat(files(file.getParent()))
        .containsExactly("realera.json", "report.html", "single-file.safetensors");
    Checkpoint model = Checkpoint.open(file);
    model.verify();
    assertThat(model.fingerprint("unet")).isEqualTo(Checkpoint.open(folder).fingerprint("unet"));
  }

  @Test
  void whatASingleFileHasNoPlaceForIsInTheManifest() throws IOException {
    Path model = TinyModel.copy(root.resolve("model"));
    org.realera.checkpoint.TinyModel.edit(
        model.resolve("model_index.json"),
        "\"safety_checker\": [\n    null,\n    null\n  ]",
        "\"safety_checker\": [\"a\", \"b\"]");
    Path checker = model.resolve("safety_checker/model.safetensors");
    Files.createDirectory(checker.getParent());
    Files.write(checker, new byte[] {1});
    Files.write(model.resolve("old.ckpt"), new byte[] {1});
    erase(closedForm, model, Target.SINGLE_FILE, "single", false);
    assertThat(
            Json.read(root.resolve("single").resolve(Manifest.FILE)).at("/results/write/left_out"))
        .isEqualTo(Json.tree(List.of("old.ckpt", "safety_checker")));
  }

  @Test
  void aCompleteOneIsKnownAgainAndIsOfItsForm() throws IOException {
    Path file = erase(closedForm, Target.DELTA, "out");
    byte[] bytes = Files.readAllBytes(file);
    Path model = Golden.path("tiny-sd");
    assertThat(erase(closedForm, model, Target.DELTA, "out", true)).isEqualTo(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    assertThatThrownBy(() -> erase(closedForm, model, Target.DIFFUSERS, "out", true))
        .hasMessageContaining("is complete, with other settings");
    Files.delete(file);
    assertThatThrownBy(() -> erase(closedForm, model, Target.DELTA, "out", true))
        .hasMessageContaining("is not complete any more");
  }
}
