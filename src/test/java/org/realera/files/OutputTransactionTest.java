package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class OutputTransactionTest {
  @TempDir private Path root;

  @Test
  void aFileAppearsWhenItIsWhole() throws IOException {
    Path out = root.resolve("new/x");
    try (OutputTransaction output = OutputTransaction.file(request(out, 0, false))) {
      output.write(
          staged -> {
            write(staged, "whole");
            assertThat(out).doesNotExist();
            return "";
          });
    }
    assertThat(out).hasContent("whole");
    assertThat(list(root.resolve("new"))).containsExactly("x");
  }

  @Test
  void onlyForceReplacesAFileAndNothingReplacesAFolderByOne() throws IOException {
    Path out = Files.writeString(root.resolve("x"), "old");
    assertThat(failure(() -> OutputTransaction.file(request(out, 0, false))))
        .hasMessage("the output " + out + " exists");
    assertThat(failure(() -> OutputTransaction.file(request(root, 0, true))))
        .hasMessage("the output " + root + " is a folder");
    try (OutputTransaction output = OutputTransaction.file(request(out, 0, true))) {
      write(output.staging(), "new");
      output.commit();
    }
    assertThat(out).hasContent("new");
  }

  @Test
  void whatHasAppearedInItsPlaceMeanwhileIsNotReplaced() throws IOException {
    Path out = root.resolve("x");
    try (OutputTransaction output = OutputTransaction.file(request(out, 0, false))) {
      write(output.staging(), "new");
      write(out, "somebody's");
      assertThat(failure(output::commit)).hasMessageContaining("exists");
    }
    assertThat(out).hasContent("somebody's");
    assertThat(list(root)).containsExactly("x");
  }

  @Test
  void aModelThatIsReadIsNeverWrittenByWhateverName() throws IOException {
    Path model = Files.writeString(root.resolve("m.safetensors"), "model");
    Path link = Files.createSymbolicLink(root.resolve("link"), model);
    for (Path out : List.of(model, link, root.resolve("x/../m.safetensors"))) {
      RealeraException e = failure(() -> OutputTransaction.file(request(out, 0, true, model)));
      assertThat(e.kind()).isEqualTo(Kind.USAGE);
      assertThat(e).hasMessageContaining("overlap");
    }
    // A folder that holds no more than a link to the model is still in the model's way.
    Path folder = Files.createDirectory(root.resolve("folder"));
    Path linked = Files.createSymbolicLink(folder.resolve("m.safetensors"), model);
    assertThat(failure(() -> OutputTransaction.folder(request(folder, 0, true, linked))))
        .hasMessageContaining("overlap");
    assertThat(model).hasContent("model");
  }

  @Test
  void tooLittleRoomIsSaidBeforeAnythingIsWritten() throws IOException {
    Path out = root.resolve("new/folder/x");
    RealeraException e = failure(() -> OutputTransaction.file(request(out, Long.MAX_VALUE, false)));
    assertThat(e.kind()).isEqualTo(Kind.RESOURCES);
    assertThat(e).hasMessageContaining("not enough room in " + out.getParent());
    assertThat(list(root)).isEmpty();
  }

  @Test
  void aLinkToAFolderIsAPlaceToWriteInto() throws IOException {
    Path real = Files.createDirectory(root.resolve("real"));
    Path link = Files.createSymbolicLink(root.resolve("link"), real);
    try (OutputTransaction output = OutputTransaction.file(request(link.resolve("x"), 0, false))) {
      write(output.staging(), "whole");
      output.commit();
    }
    assertThat(real.resolve("x")).hasContent("whole");
  }

  @Test
  void aLinkToAFileLeadsToWhatIsReplacedAndOneToNothingIsRefused() throws IOException {
    Path real = Files.writeString(Files.createDirectory(root.resolve("disk")).resolve("x"), "old");
    Path link = Files.createSymbolicLink(root.resolve("link"), real);
    assertThat(failure(() -> OutputTransaction.file(request(link, 0, false))))
        .hasMessage("the output " + link + " exists");
    try (OutputTransaction output = OutputTransaction.file(request(link, 0, true))) {
      write(output.staging(), "new");
      output.commit();
    }
    assertThat(link).isSymbolicLink();
    assertThat(real).hasContent("new");
    Files.delete(real);
    assertThat(failure(() -> OutputTransaction.file(request(link, 0, true))))
        .hasMessage("the output " + link + " is a link to nothing");
    Files.createSymbolicLink(real, link);
    assertThat(failure(() -> OutputTransaction.file(request(link, 0, true))))
        .hasMessage("the output " + link + " is a link to nothing");
  }

  private static OutputTransaction.Request request(
      Path out, long bytes, boolean force, Path... sources) {
    Path state = StateFolders.lasting(OutputPlace.of(out));
    return new OutputTransaction.Request(
        out, state, List.of(sources), bytes, force, false, folder -> false);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static RealeraException failure(ThrowingCallable call) {
    return catchThrowableOfType(RealeraException.class, call);
  }
}
