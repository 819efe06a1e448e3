package org.realera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.tensor.Libtorch.Source;

class LibtorchTest {
  @TempDir private Path cache;

  private Libtorch find(Map<String, String> settings, boolean bundled) {
    return Libtorch.find(name -> settings.getOrDefault(name, ""), bundled, cache);
  }

  @Test
  void theBindingsSayWhichLibtorchTheyNeed() {
    assertThat(Libtorch.version()).matches("\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void theJarIsTakenWhereItIsOnTheClassPath() {
    Libtorch natives = find(Map.of("PYTORCH_FLAVOR", "cu128"), true);
    assertThat(natives.source()).isEqualTo(Source.BUNDLED);
    assertThat(natives.isCuda()).isFalse();
  }

  @Test
  void theUsersOwnLibtorchBeatsTheJar() {
    Libtorch natives =
        find(Map.of("PYTORCH_LIBRARY_PATH", "/opt/torch/lib", "PYTORCH_FLAVOR", "cu128"), true);
    assertThat(natives.source()).isEqualTo(Source.INSTALLED);
    assertThat(natives.describe()).isEqualTo("cu128, in /opt/torch/lib (PYTORCH_LIBRARY_PATH)");
  }

  @Test
  void aFlavorThatIsInTheCacheNeedsNoNetwork() throws IOException {
    Map<String, String> settings = Map.of("PYTORCH_FLAVOR", "cu128");
    assertThat(find(settings, false).source()).isEqualTo(Source.TO_FETCH);
    assertThat(find(settings, false).describe()).startsWith("cu128, not here yet");
    Path folder = cache.resolve(Libtorch.version() + "-cu128-linux-x86_64");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("libdjl_torch.so"), "the binding alone");
    assertThat(find(settings, false).source()).isEqualTo(Source.TO_FETCH);
    Files.writeString(folder.resolve("libtorch.so"), "");
    assertThat(find(settings, false).describe()).isEqualTo("cu128, in " + folder);
  }

  @Test
  void aFlavorThatCanNotBeFetchedIsExplained() {
    RealeraException error =
        find(Map.of("PYTORCH_FLAVOR", "cu128"), false)
            .notLoaded(
                new IllegalStateException(
                    "Failed to save", new UnknownHostException("publish.djl.ai")));
    assertThat(error.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(error)
        .hasMessageContaining("(cu128) is not here and can't be fetched from https://publish.djl")
        .hasMessageEndingWith("UnknownHostException: publish.djl.ai");
    assertThat(error.remedy()).contains("PYTORCH_LIBRARY_PATH").contains("REALERA_TORCH=cpu");
  }

  @Test
  void aLibraryThatDoesNotLoadIsExplained() {
    UnsatisfiedLinkError cause = new UnsatisfiedLinkError("libcudnn.so.9: cannot open");
    Map<String, String> settings = Map.of("PYTORCH_LIBRARY_PATH", "/opt/torch/lib");
    assertThat(find(settings, false).notLoaded(cause))
        .hasMessageContaining("/opt/torch/lib, does not load")
        .hasMessageContaining("libcudnn.so.9");
    assertThat(find(Map.of(), true).notLoaded(cause).remedy()).contains("glibc");
  }

  @Test
  void aFolderWithoutLibtorchIsNotTakenForOne() {
    Libtorch natives = find(Map.of("PYTORCH_LIBRARY_PATH", cache.toString()), false);
    assertThatThrownBy(natives::requireFit)
        .hasMessage("PYTORCH_LIBRARY_PATH is " + cache + ", which holds no libtorch");
  }

  @Test
  void aFullDiskIsCalledThat() {
    RealeraException error =
        find(Map.of(), true)
            .notLoaded(new IllegalStateException(new IOException("No space left on device")));
    assertThat(error.kind()).isEqualTo(Kind.RESOURCES);
    assertThat(error.remedy()).contains("DJL_CACHE_DIR");
  }

  @Test
  void aCudaBuildOnAMachineWithoutADriverIsExplained() {
    UnsatisfiedLinkError cause =
        new UnsatisfiedLinkError("/opt/torch/lib/libcaffe2_nvrtc.so: libcuda.so.1: cannot open");
    Map<String, String> settings =
        Map.of("PYTORCH_LIBRARY_PATH", "/opt/torch/lib", "PYTORCH_FLAVOR", "cu128");
    RealeraException error = find(settings, false).notLoaded(cause);
    assertThat(error)
        .hasMessage(
            "libtorch cu128, in /opt/torch/lib (PYTORCH_LIBRARY_PATH) is a CUDA build, and this"
                + " machine has no NVIDIA driver (libcuda.so.1)");
    assertThat(error.remedy()).contains("unset PYTORCH_LIBRARY_PATH");
  }

  @ParameterizedTest
  @CsvSource({
    "version.py, __version__ = '2.9.0+cu128', 2.9.0+cu128",
    "build-version, 2.1.0+cu118, 2.1.0+cu118"
  })
  void anInstalledTorchOfAnotherVersionIsRefused(String file, String text, String named)
      throws IOException {
    Path lib = Files.createDirectories(cache.resolve("torch/lib"));
    Files.writeString(lib.resolveSibling(file), "x = 1\n" + text + "\n");
    Files.writeString(lib.resolve("libtorch.so"), "");
    Libtorch natives = find(Map.of("PYTORCH_LIBRARY_PATH", lib.toString()), false);
    assertThatThrownBy(natives::requireFit)
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("holds torch " + named + "; expected " + Libtorch.version());
    Files.writeString(
        lib.resolveSibling(file), text.replaceFirst("\\d\\.\\d\\.\\d", Libtorch.version()) + "\n");
    assertThatCode(natives::requireFit).doesNotThrowAnyException();
  }

  @Test
  void aFolderOfTorchThatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> find(Map.of("PYTORCH_LIBRARY_PATH", "/no/such"), false).requireFit())
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void whyThereIsNoGpuIsSaid() {
    String module = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  %s  Wed Jul 10";
    assertThat(Libtorch.whyNoGpu(false, "", "")).contains("no NVIDIA driver");
    assertThat(Libtorch.whyNoGpu(true, module.formatted("470.82.01"), ""))
        .isEqualTo("the NVIDIA driver 470.82.01 is too old: CUDA 12 needs 525 or later");
    assertThat(Libtorch.whyNoGpu(true, module.formatted("570.124.06"), ""))
        .contains("shows no GPU");
    assertThat(Libtorch.whyNoGpu(true, module.formatted("570.124.06"), "-1"))
        .isEqualTo("CUDA_VISIBLE_DEVICES is -1, which leaves no GPU");
    assertThat(Libtorch.whyNoGpu(false, module.formatted("570.124.06"), ""))
        .startsWith("this is libtorch's CPU build");
  }
}
