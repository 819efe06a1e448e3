package org.realera.diffusion.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;

class PngReaderTest {
  private static final Image IMAGE = new Image(2, 1, new byte[] {1, 2, 3, 4, 5, 6});

  @TempDir private Path folder;

  @Test
  void everyShorterFileIsNotWhole() {
    byte[] png = PngWriter.encode(IMAGE, Map.of("prompt", "a cat"));
    assertThat(PngReader.isWhole(png, 2, 1)).isTrue();
    for (int length = 0; length < png.length; length++) {
      assertThat(PngReader.isWhole(Arrays.copyOf(png, length), 2, 1)).as("%s", length).isFalse();
    }
  }

  @Test
  void everyByteWithAFlippedBitIsNoticed() {
    byte[] png = PngWriter.encode(IMAGE, Map.of("prompt", "a cat"));
    for (int at = 0; at < png.length; at++) {
      byte[] broken = png.clone();
      broken[at] ^= 0x10;
      assertThat(PngReader.isWhole(broken, 2, 1)).as("byte %s", at).isFalse();
    }
  }

  @Test
  void anImageOfAnotherSizeIsNotWhole() {
    assertThat(PngReader.isWhole(PngWriter.encode(IMAGE, Map.of()), 1, 2)).isFalse();
  }

  @Test
  void promptsAreReadFromTheImages() {
    PngWriter.write(folder.resolve("a.png"), IMAGE, Map.of("seed", "1", "prompt", "a caf\u00e9"));
    PngWriter.write(folder.resolve("b.png"), IMAGE, Map.of("prompt", "a \u732b"));
    PngWriter.write(folder.resolve("c.png"), IMAGE, Map.of());
    assertThat(PngReader.texts(folder.resolve("a.png")))
        .isEqualTo(Map.of("seed", "1", "prompt", "a caf\u00e9"));
    assertThat(PngReader.texts(folder.resolve("b.png"))).containsEntry("prompt", "a \u732b");
    assertThat(PngReader.texts(folder.resolve("c.png"))).isEmpty();
  }
}
