package org.realera.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.RealeraException;
import org.realera.chaos.FailingDisk.Operation;
import org.realera.files.AtomicFile;
import org.realera.files.CacheFolders;
import org.realera.files.FileTree;
import org.realera.files.FolderLock;
import org.realera.files.HalfReplaced;
import org.realera.files.OutputTransaction;

/** Whatever call fails, an output is the old one or the new one, whole, and the next run works. */
class FailingDiskTest {
  @TempDir private Path root;

  @ParameterizedTest
  @EnumSource(Operation.class)
  void aReplacedModelIsTheOldOneOrTheNewOne(Operation operation) throws IOException {
    for (boolean onwards : List.of(false, true)) {
      boolean failed = true;
      for (int n = 1; failed; n++) { // until a run makes no more calls than that
        Path real = root.resolve(operation + "-" + n + onwards).resolve("model");
        Files.createDirectories(real.resolve("unet"));
        write(real, "old");
        FailingDisk disk = new FailingDisk(root);
        Path out = disk.path(real);
        disk.fail(operation, n, onwards);
        RealeraException error = failure(out, "new");
        failed = disk.heal();
        assertThat(failed || n > 1).isTrue();
        if (error != null) {
          assertThat(error).hasMessageContaining("model");
          assertThat(error.remedy()).isNotEmpty();
        }
        if (Files.exists(real)) {
          assertThat(content(real)).isIn("old", "new");
          assertThat(content(real)).isEqualTo(error == null ? "new" : content(real));
        } else {
          // All renames fail from the second on, the one back included: it is said where both are.
          HalfReplaced half = HalfReplaced.find(real.resolve("unet/x")).orElseThrow();
          assertThat(content(half.old())).isEqualTo("old");
          assertThat(half.error())
              .hasMessageContaining(half.old().toString())
              .hasMessageContaining("interrupted");
        }
        assertThat(failure(out, "newer")).isNull();
        assertThat(content(real)).isEqualTo("newer");
        assertThat(list(real.getParent())).containsExactly("model");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void aFileIsTheOldOneOrTheNewOne(Operation operation) throws IOException {
    Path real = root.resolve("x");
    for (int n = 1; n < 6; n++) {
      Files.writeString(real, "old");
      FailingDisk disk = new FailingDisk(root);
      disk.fail(operation, n, false);
      boolean written = true;
      try {
        AtomicFile.write(disk.path(real), "new".getBytes(StandardCharsets.UTF_8));
      } catch (RealeraException e) {
        assertThat(e).hasMessageContaining(real.toString());
        written = false;
      }
      assertThat(real).hasContent(written ? "new" : "old");
      assertThat(list(root)).containsExactly("x");
    }
  }

  /** Each file is synced when it is written, and all of them before they are in place. */
  @Test
  void whatIsRenamedIsOnTheDisk() throws IOException {
    Path real = root.resolve("model");
    FailingDisk disk = new FailingDisk(root);
    int files = 0;
    boolean failed = true;
    for (int n = 1; failed; n++) {
      disk.fail(Operation.FSYNC, n, false);
      RealeraException error = failure(disk.path(real), "new");
      failed = disk.heal();
      assertThat(error == null).isEqualTo(Files.exists(real));
      files += error == null ? 0 : 1; // that a folder can't be synced is no error: some systems
      FileTree.delete(real);
    }
    assertThat(files).isEqualTo(4);
  }

  /** A power cut after the end must not find the old name, or none, where the state is gone. */
  @Test
  void aFolderIsSyncedAfterWhatWasRenamedInIt() throws IOException {
    Path real = root.resolve("model");
    FailingDisk disk = new FailingDisk(root);
    assertThat(failure(disk.path(real), "new")).isNull();
    assertThat(disk.synced()).contains(root).doesNotContain(real);
    Path file = root.resolve("x");
    FailingDisk other = new FailingDisk(root);
    AtomicFile.write(other.path(file), new byte[1]);
    assertThat(other.synced()).hasSize(2).endsWith(root);
  }

  /** Lustre without flock and NFS without its daemon give no locks: a folder is not to blame. */
  @Test
  void aFileSystemWithoutLocksIsNamedAsOne() {
    Path real = root.resolve("model");
    FailingDisk disk = new FailingDisk(root);
    disk.fail(Operation.LOCK, 1, true);
    assertThatThrownBy(() -> FolderLock.during(disk.path(real), () -> "done"))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("can't lock " + real)
        .hasMessageContaining("Input/output error")
        .hasStackTraceContaining("tryLock");
    assertThat(disk.heal()).isTrue();
    String done = FolderLock.during(disk.path(real), () -> "done");
    assertThat(done).isEqualTo("done");
  }

  /** What a cache has under a name is whole after a power cut. */
  @Test
  void aCachedFolderIsOnTheDiskBeforeItHasItsName() throws IOException {
    Path folder = root.resolve("cache/a");
    FailingDisk disk = new FailingDisk(root);
    int failures = 0;
    boolean failed = true;
    for (int n = 1; failed; n++) {
      disk.fail(Operation.FSYNC, n, false);
      try {
        CacheFolders.make(
            disk.path(folder),
            there -> Files.exists(there.resolve("x/y")),
            there -> CacheFolders.write(there.resolve("x/y"), new byte[1]));
        failed = disk.heal();
      } catch (IOException | RealeraException e) {
        failed = disk.heal();
        assertThat(folder).doesNotExist();
        failures++;
      }
      FileTree.delete(root.resolve("cache"));
    }
    assertThat(failures).isPositive();
  }

  private static @Nullable RealeraException failure(Path out, String content) {
    try (OutputTransaction output =
        OutputTransaction.folder(
            new OutputTransaction.Request(
                out,
                out.resolveSibling(out.getFileName() + ".state"),
                List.of(),
                0,
                true,
                false,
                folder -> false))) {
      output.write(
          staged -> {
            write(staged, content);
            return content;
          });
      return null;
    } catch (RealeraException e) {
      return e;
    }
  }

  private static void write(Path model, String content) {
    try {
      Files.createDirectories(model.resolve("unet"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String name : List.of("model_index.json", "unet/x")) {
      AtomicFile.write(model.resolve(name), content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String content(Path model) throws IOException {
    String content = Files.readString(model.resolve("unet/x"));
    assertThat(model.resolve("model_index.json")).hasContent(content);
    return content;
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
