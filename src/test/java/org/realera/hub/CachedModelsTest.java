package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.TinyModel;
import org.realera.hub.CachedModels.Cached;

class CachedModelsTest {
  private static final String COMMIT = "133a221b8aa7292a167afc5127cb63fb5005638b";

  @TempDir Path cache;

  @Test
  void everyModelIsListedWithItsSizeAndWhatIsWrongWithIt() throws IOException {
    Path whole = TinyModel.copyTo(snapshot("org/whole"));
    Path torn = TinyModel.copyTo(snapshot("org/torn"));
    Files.delete(torn.resolve("unet/diffusion_pytorch_model.safetensors"));
    Files.writeString(snapshot("bert").resolve("config.json"), "{}");
    Files.createDirectories(cache.resolve("datasets--org--pictures"));
    Files.createDirectories(cache.resolve("models--org--empty"));

    List<Cached> models = CachedModels.list(Map.of("HF_HUB_CACHE", cache.toString()));

    assertThat(models)
        .extracting(Cached::name)
        .containsExactly("bert", "org/empty", "org/torn", "org/whole");
    assertThat(models).extracting(Cached::ready).containsExactly(false, false, false, true);
    assertThat(models.get(0).problem()).isEqualTo("no model_index.json");
    assertThat(models.get(1).problem()).contains("no main branch");
    assertThat(models.get(2).problem()).contains("diffusion_pytorch_model.safetensors");
    assertThat(models).extracting(Cached::partial).containsExactly(false, true, true, false);
    long bytes = COMMIT.length();
    for (Path file : TinyModel.files(whole)) {
      bytes += Files.size(file);
    }
    assertThat(models.get(3).bytes()).isEqualTo(bytes);
  }

  @Test
  void aBranchThatIsNoTextIsSaidAndNotWaitedFor() throws Exception {
    Path bytes = TinyModel.copyTo(snapshot("org/bytes")).getParent().getParent();
    Files.write(bytes.resolve("refs/main"), new byte[] {(byte) 0xff});
    Path pipe = TinyModel.copyTo(snapshot("org/pipe")).getParent().getParent();
    Files.delete(pipe.resolve("refs/main"));
    new ProcessBuilder("mkfifo", pipe.resolve("refs/main").toString()).start().waitFor();

    List<Cached> models =
        assertTimeoutPreemptively(
            Duration.ofMinutes(1),
            () -> CachedModels.list(Map.of("HF_HUB_CACHE", cache.toString())));

    assertThat(models).extracting(Cached::ready).containsExactly(false, false);
    assertThat(models.get(0).problem()).contains("refs/main, line 1: the text is not UTF-8");
    assertThat(models.get(1).problem()).contains("refs/main is a pipe or a device");
  }

  @Test
  void aModelOfPicklesIsNotOneToFetchAgain() throws IOException {
    Path unet = TinyModel.copyTo(snapshot("org/old")).resolve("unet");
    Files.move(
        unet.resolve("diffusion_pytorch_model.safetensors"),
        unet.resolve("diffusion_pytorch_model.bin"));
    Cached old = CachedModels.list(Map.of("HF_HUB_CACHE", cache.toString())).get(0);
    assertThat(old.ready()).isFalse();
    assertThat(old.partial()).isFalse();
    assertThat(old.problem()).contains("diffusion_pytorch_model.bin");
  }

  @Test
  void aCacheThatIsNotThereHoldsNothing() {
    Map<String, String> env = Map.of("HF_HUB_CACHE", cache.resolve("none").toString());
    assertThat(CachedModels.list(env)).isEmpty();
    assertThat(CachedModels.root(env)).isEqualTo(cache.resolve("none"));
  }

  private Path snapshot(String name) throws IOException {
    Path model = cache.resolve("models--" + name.replace("/", "--"));
    Files.createDirectories(model.resolve("refs"));
    Files.writeString(model.resolve("refs/main"), COMMIT);
    return Files.createDirectories(model.resolve("snapshots").resolve(COMMIT));
  }
}
