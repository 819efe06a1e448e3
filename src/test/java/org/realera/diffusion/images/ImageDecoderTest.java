package org.realera.diffusion.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private static final Path CORPUS = Path.of("src/test/resources/corpus/pictures");

  @ParameterizedTest
  @ValueSource(
      strings = {"ycc-420.jpg", "progressive.jpg", "cmyk.jpg", "rgb-8.png", "palette-4.png"})
  void everyShorterFileIsRefused(String name) throws Exception {
    byte[] whole = Files.readAllBytes(CORPUS.resolve(name));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ImageDecoder.decode(cut))
          .as("%s bytes", length)
          .isInstanceOf(UnreadableImageException.class)
          .hasMessage("is no whole picture");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ycc-420.jpg", "progressive.jpg", "ycck.jpg", "interlaced-rgb-8.png"})
  void aBrokenByteGivesAnImageOrIsRefused(String name) throws Exception {
    byte[] whole = Files.readAllBytes(CORPUS.resolve(name));
    int pixels = ImageDecoder.decode(whole).rgb().length;
    for (int at = 0; at < whole.length; at++) {
      byte[] broken = whole.clone();
      broken[at] ^= (byte) (1 << at % 8);
      try {
        assertThat(ImageDecoder.decode(broken).rgb().length).isLessThan(100_000 * pixels);
      } catch (UnreadableImageException e) {
        assertThat(e).hasMessageMatching("(is|claims) .*");
      }
    }
  }

  @Test
  void noFileIsPutIntoTheTemporaryFolder(@TempDir Path folder) throws Exception {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    ImageIO.setCacheDirectory(cache.toFile());
    try {
      Files.delete(cache); // a file there would fail
      byte[] bytes = Files.readAllBytes(CORPUS.resolve("ycc-420.jpg"));
      assertThat(ImageDecoder.decode(bytes).width()).isEqualTo(13);
    } finally {
      ImageIO.setCacheDirectory(null);
    }
  }
}
