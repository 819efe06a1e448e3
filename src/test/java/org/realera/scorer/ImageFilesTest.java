package org.realera.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngReader;
import org.realera.diffusion.PngWriter;

class ImageFilesTest {
  @TempDir private Path folder;

  @Test
  void aPictureCutShortIsNamed() throws Exception {
    Path file = folder.resolve("a.png");
    byte[] whole = PngWriter.encode(new Image(64, 64, new byte[3 * 64 * 64]), Map.of("seed", "1"));
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("a.png is no whole picture");
    assertThat(PngReader.text(file, "nothing")).isNull();
  }

  @Test
  void aFolderWithoutPicturesIsNotFound() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> ImageFiles.below(List.of(empty)))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    assertThatThrownBy(() -> ImageFiles.below(List.of(folder.resolve("none"))))
        .hasMessageContaining("there is no folder");
  }
}
