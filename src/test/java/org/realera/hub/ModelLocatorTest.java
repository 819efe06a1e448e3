package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.Environment;

class ModelLocatorTest {
  private static final String COMMIT = "133a221b8aa7292a167afc5127cb63fb5005638b";

  @TempDir Path folder;

  @Test
  void aFolderIsTakenAsItIs() {
    assertThat(ModelLocator.locate(folder.toString(), Map.of())).isEqualTo(folder);
  }

  /** Killed between the renames of a replacement, by erase or by convert. */
  @ParameterizedTest
  @ValueSource(strings = {"no-cat.state", ".no-cat.writing"})
  void aModelWhoseReplacementWasKilledIsSaidToBeInTwoPlaces(String state) throws IOException {
    Path model = folder.resolve("no-cat");
    Path old = folder.resolve(state).resolve("replaced");
    Files.createDirectories(old);
    for (Path path : List.of(model, model.resolve("unet"))) {
      assertThatThrownBy(() -> ModelLocator.locate(path.toString(), Map.of()))
          .hasMessage(
              model + " is not there: its replacement was interrupted; the old model is " + old);
    }
    Path fresh = Files.createDirectories(folder.resolve(state).resolve("output"));
    assertThatThrownBy(() -> ModelLocator.locate(model.toString(), Map.of()))
        .hasMessageEndingWith("the old model is " + old + ", the new one " + fresh);
    Files.createDirectory(model);
    assertThat(ModelLocator.locate(model.toString(), Map.of())).isEqualTo(model);
  }

  @ParameterizedTest
  @CsvSource({
    "HF_HUB_CACHE, .",
    "HUGGINGFACE_HUB_CACHE, .",
    "HF_HOME, hub",
    "XDG_CACHE_HOME, huggingface/hub",
    "HOME, .cache/huggingface/hub"
  })
  void theHubCacheIsFoundAsHuggingfaceHubFindsIt(String variable, String below) throws IOException {
    Path snapshot = cached(folder.resolve(below), "CompVis/stable-diffusion-v1-4");
    Map<String, String> env = Map.of(variable, folder.toString());
    assertThat(ModelLocator.locate("CompVis/stable-diffusion-v1-4", env).normalize())
        .isEqualTo(snapshot.normalize());
    assertThat(ModelLocator.locate("sd-v1-4", env).normalize()).isEqualTo(snapshot.normalize());
  }

  @Test
  void theMoreSpecificVariableWinsAndATildeMeansHome() throws IOException {
    Path snapshot = cached(folder.resolve("mine"), "a/b");
    Map<String, String> env =
        Map.of("HF_HUB_CACHE", "~/mine", "HF_HOME", "/nowhere", "HOME", folder.toString());
    assertThat(ModelLocator.locate("a/b", env)).isEqualTo(snapshot);
  }

  /** As os.path.expandvars after os.path.expanduser, which huggingface_hub applies to them. */
  @ParameterizedTest
  @CsvSource({
    "HF_HUB_CACHE, $HOME/a hub, a hub",
    "HF_HUB_CACHE, ${HOME}/hub, hub",
    "HF_HUB_CACHE, $DISK/hub, data/hub",
    "HF_HUB_CACHE, ~/$UNSET/${UNSET}/$, $UNSET/${UNSET}/$",
    "HUGGINGFACE_HUB_CACHE, ${HOME}/hub, hub",
    "HF_HOME, $HOME, hub",
    "HF_HOME, ~/x${HOME_}y, xzy/hub",
    "XDG_CACHE_HOME, $HOME/cache, cache/huggingface/hub"
  })
  void aVariableInAFoldersNameIsExpanded(String variable, String value, String below)
      throws IOException {
    Path snapshot = cached(folder.resolve(below), "a/b");
    Map<String, String> env = new HashMap<>();
    env.put("HOME", folder.toString());
    env.put("HOME_", "z");
    env.put("DISK", folder.resolve("data").toString());
    env.put(variable, value);
    assertThat(ModelLocator.locate("a/b", env)).isEqualTo(snapshot);
  }

  @Test
  void anAliasWithTwoHomesTakesTheOneThatIsCached() throws IOException {
    Path snapshot = cached(folder, "runwayml/stable-diffusion-v1-5");
    assertThat(ModelLocator.locate("sd-v1-5", hub())).isEqualTo(snapshot);
  }

  @Test
  void aModelThatIsNotCachedIsNotFoundAndTheErrorSaysWhereItLooked() {
    assertThatThrownBy(() -> ModelLocator.locate("sd-v1-4", hub()))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("CompVis/stable-diffusion-v1-4")
        .hasMessageContaining(folder.resolve("models--CompVis--stable-diffusion-v1-4").toString())
        .satisfies(
            e -> {
              RealeraException error = (RealeraException) e;
              assertThat(error.kind()).isEqualTo(Kind.NOT_FOUND);
              assertThat(error.remedy()).contains("HF_HUB_CACHE").contains("--model pocket");
            });
  }

  @Test
  void aCacheEntryWithoutItsSnapshotIsNotFound() throws IOException {
    Path snapshot = cached(folder, "a/b");
    Files.delete(snapshot);
    assertFailure("a/b", Kind.NOT_FOUND, "is not complete");
    Files.delete(folder.resolve("models--a--b/refs/main"));
    assertFailure("a/b", Kind.NOT_FOUND, "has no main branch");
  }

  @Test
  void aReferenceThatLeadsOutOfTheCacheIsRefused() throws IOException {
    cached(folder, "a/b");
    Files.writeString(folder.resolve("models--a--b/refs/main"), "../../../etc");
    assertFailure("a/b", Kind.DAMAGED, "expected a commit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x/y",
        "a/../b",
        "a/..",
        "/none/here",
        "a/b/c",
        "a\\b",
        "nope",
        "a/b c",
        ".a/b"
      })
  void aNameThatIsNeitherFolderNorHubNameIsNotFound(String name) {
    assertFailure(name, Kind.NOT_FOUND, "there is no model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\0b"})
  void aNameThatCanNotBeOneIsAUsageError(String name) {
    assertFailure(name, Kind.USAGE, "name");
  }

  @Test
  void aSafetensorsFileIsTakenAsItIs() throws IOException {
    Path file = Files.createFile(folder.resolve("sd-v1-4.safetensors"));
    assertThat(ModelLocator.locate(file.toString(), hub())).isEqualTo(file);
    assertFailure(folder.resolve("none.safetensors").toString(), Kind.NOT_FOUND, "no model");
  }

  @ParameterizedTest
  @CsvSource({
    "sd-v1-4.ckpt, is a pickle, from_single_file",
    "model.PT, is a pickle, from_single_file",
    "diffusion_pytorch_model.bin, is a pickle, from_single_file",
    "sd-q4.gguf, holds quantised weights, .safetensors",
    "notes.txt, is neither a diffusers folder nor a .safetensors file, model_index.json"
  })
  void anyOtherFileIsRefusedWithTheReasonAndAWayOut(String name, String reason, String remedy)
      throws IOException {
    Path file = Files.createFile(folder.resolve(name));
    assertFailure(file.toString(), Kind.DAMAGED, reason);
    assertThatThrownBy(() -> ModelLocator.locate(file.toString(), hub()))
        .extracting(e -> ((RealeraException) e).remedy())
        .asString()
        .contains(remedy);
  }

  @Test
  void aSnapshotMayLinkIntoTheCacheButNotOutOfIt() throws IOException {
    Path snapshot = cached(folder.resolve("hub"), "a/b");
    Path blob = Files.createDirectories(folder.resolve("hub/models--a--b/blobs")).resolve("1");
    Files.createSymbolicLink(snapshot.resolve("in.json"), Files.writeString(blob, "{}"));
    Map<String, String> env = Map.of("HF_HUB_CACHE", folder.resolve("hub").toString());
    assertThat(ModelLocator.locate("a/b", env)).isEqualTo(snapshot);
    Path secret = Files.writeString(folder.resolve("secret"), "x");
    Files.createSymbolicLink(snapshot.resolve("out.json"), secret);
    assertThatThrownBy(() -> ModelLocator.locate("a/b", env))
        .hasMessageContaining("out.json is a link that leads out of the Hugging Face cache")
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.DAMAGED);
  }

  /** As people do whose home is small. */
  @Test
  void theBlobsMayLieOnAnotherDisk() throws IOException {
    Path snapshot = cached(folder.resolve("hub"), "a/b");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Files.createSymbolicLink(folder.resolve("hub/models--a--b/blobs"), disk);
    String blob = "0123456789abcdef0123456789abcdef01234567";
    Files.writeString(disk.resolve(blob), "{}");
    Files.createSymbolicLink(snapshot.resolve("in.json"), Path.of("../../blobs", blob));
    Map<String, String> env = Map.of("HF_HUB_CACHE", folder.resolve("hub").toString());
    assertThat(ModelLocator.locate("a/b", env)).isEqualTo(snapshot);
  }

  @Test
  void aSnapshotIsWholeWhenAllPartsAreThere() throws IOException {
    Path snapshot = cached(folder, "a/b");
    HubCache cache = new HubCache(new Environment(hub()));
    for (String file :
        List.of(
            "model_index.json",
            "unet/config.json",
            "unet/diffusion_pytorch_model.safetensors",
            "vae/config.json",
            "vae/diffusion_pytorch_model.fp16.safetensors",
            "text_encoder/config.json",
            "text_encoder/model.safetensors",
            "tokenizer/vocab.json",
            "tokenizer/merges.txt",
            "scheduler/scheduler_config.json")) {
      assertThat(cache.hasWhole("a/b")).as("without " + file).isFalse();
      Files.createDirectories(snapshot.resolve(file).getParent());
      Files.writeString(snapshot.resolve(file), "{}");
    }
    assertThat(cache.hasWhole("a/b")).isTrue();
    assertThat(cache.hasWhole("a/c")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, a/b",
    "sd-v1-4, CompVis/stable-diffusion-v1-4",
    "SD-v1-5, stable-diffusion-v1-5/stable-diffusion-v1-5",
    "pocket, ",
    "../x, ",
    "a/.., ",
    "a/b.safetensors, ",
    "a/b/c, ",
    "src/main, "
  })
  void whatAHubMayBeAskedForIsTold(String reference, @Nullable String name) {
    assertThat(ModelLocator.hubName(reference, hub())).isEqualTo(Optional.ofNullable(name));
  }

  /** What people paste. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "me/mini",
        "me/mini/",
        "me/mini//",
        "me/mini@main",
        "https://huggingface.co/me/mini",
        "https://huggingface.co/me/mini/",
        "https://huggingface.co/me/mini/tree/main",
        "https://huggingface.co/me/mini/tree/main/",
        "http://www.huggingface.co/me/mini?library=diffusers#usage",
        "HTTPS://HuggingFace.co/me/mini",
        "huggingface.co/me/mini",
        "https://hf.co/me/mini",
        "hf://me/mini",
        "https://mirror.example:8443/hf/me/mini/tree/main"
      })
  void theAddressOfAModelIsItsName(String reference) throws IOException {
    Path snapshot = cached(folder, "me/mini");
    Map<String, String> env =
        Map.of("HF_HUB_CACHE", folder.toString(), "HF_ENDPOINT", "https://mirror.example:8443/hf/");
    assertThat(ModelLocator.locate(reference, env)).isEqualTo(snapshot);
    assertThat(ModelLocator.hubName(reference, env)).contains("me/mini");
    assertThat(ModelLocator.canonical(reference, env)).isEqualTo("me/mini");
  }

  @ParameterizedTest
  @CsvSource({
    "https://huggingface.co/me/mini/blob/main/a.safetensors, is one file of a model, 'model,"
        + " me/mini;'",
    "https://huggingface.co/me/mini/resolve/main/a.ckpt, is one file of a model, 'model, me/mini;'",
    "https://huggingface.co/datasets/me/mini, is no address of a model, Give ORG/NAME",
    "https://huggingface.co/me, is no address of a model, Give ORG/NAME",
    "https://huggingface.co/me/../mini, is no address of a model, Give ORG/NAME",
    "https://civitai.com/models/4384, is no address of a model on huggingface.co, HF_ENDPOINT",
    "https://me:secret@huggingface.co/me/mini, https://***@huggingface.co/me/mini is no, ORG/NAME"
  })
  void anAddressOfSomethingElseSaysWhatToWrite(String reference, String message, String remedy) {
    assertFailure(reference, Kind.USAGE, message);
    assertThatThrownBy(() -> ModelLocator.hubName(reference, hub()))
        .hasMessageNotContaining("secret")
        .extracting(e -> ((RealeraException) e).remedy())
        .asString()
        .contains(remedy);
  }

  @Test
  void aFolderWinsOverWhatItsNameMightMeanAndATildeIsHome() throws IOException {
    Path model = Files.createDirectories(folder.resolve("a@main"));
    assertThat(ModelLocator.locate(model + "/", hub())).isEqualTo(model);
    assertThat(ModelLocator.locate("~/a@main", Map.of("HOME", folder.toString()))).isEqualTo(model);
    assertThat(ModelLocator.canonical("SD-v1-4@main", hub())).isEqualTo("SD-v1-4");
  }

  @ParameterizedTest
  @CsvSource({
    "me/mini, main, main",
    "me/mini@fp16, main, fp16",
    "me/mini, fp16, fp16",
    "https://huggingface.co/me/mini/tree/refs/pr/3, main, refs/pr/3",
    "https://huggingface.co/me/mini/tree/main, v2, v2",
  })
  void aPullTakesTheRevisionOfAnAddress(String model, String option, String revision) {
    assertThat(PullRequest.asked(model, option, "", 4, hub()))
        .isEqualTo(new PullRequest("me/mini", revision, "", 4));
  }

  @Test
  void aPullOfTwoRevisionsIsRefused() {
    assertThatThrownBy(() -> PullRequest.asked("me/mini@a", "b", "", 4, hub()))
        .hasMessage("two revisions are asked for: 'a' and 'b'");
  }

  @Test
  void theRemedyForAScorerThatIsNotInTheCacheNamesWhatAScorerMayBe() {
    assertThatThrownBy(() -> ModelLocator.locate("a/b", Wanted.SCORER, hub()))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> assertThat(e.remedy()).endsWith(" holds it, " + Wanted.SCORER.instead()));
    assertThatThrownBy(() -> ModelLocator.locate("a/b", hub()))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> assertThat(e.remedy()).endsWith(" holds it, " + Wanted.MODEL.instead()));
  }

  private Map<String, String> hub() {
    return Map.of("HF_HUB_CACHE", folder.toString());
  }

  private void assertFailure(String name, Kind kind, String message) {
    assertThatThrownBy(() -> ModelLocator.locate(name, hub()))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(kind);
  }

  private static Path cached(Path cache, String name) throws IOException {
    Path model = cache.resolve("models--" + name.replace("/", "--"));
    Files.createDirectories(model.resolve("refs"));
    Files.writeString(model.resolve("refs/main"), COMMIT);
    return Files.createDirectories(model.resolve("snapshots").resolve(COMMIT));
  }
}
