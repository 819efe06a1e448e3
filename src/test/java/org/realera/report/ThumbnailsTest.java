package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.report.Thumbnails.Pixels;

class ThumbnailsTest {
  private static final int RED = 0xffff0000;
  private static final int GREEN = 0xff00ff00;
  private static final int BLUE = 0xff0000ff;

  @Test
  void noFileIsPutIntoTheTemporaryFolder(@TempDir Path folder) throws Exception {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    ImageIO.setCacheDirectory(cache.toFile());
    try {
      Files.delete(cache); // a file there would fail
      Pixels image = new Pixels(300, 2, new byte[1800]);
      assertThat(Thumbnails.of(2, 1, new byte[6]).uri()).startsWith("data:image/png");
      assertThat(Thumbnails.small(image).width()).isEqualTo(75);
      assertThat(Thumbnails.strip(List.of(folder, folder), file -> image, true).width())
          .isEqualTo(152);
    } finally {
      ImageIO.setCacheDirectory(null);
    }
  }

  @Test
  void theFirstByteOfAPixelIsItsRedAndTheLastItsBlue() throws IOException {
    BufferedImage drawn = drawn(Thumbnails.of(2, 1, bytes(255, 0, 0, 0, 0, 255)));
    assertThat(row(drawn, 0)).containsExactly(RED, BLUE);
    drawn = drawn(Thumbnails.of(1, 1, bytes(18, 52, 200)));
    assertThat(row(drawn, 0)).containsExactly(0xff1234c8);
  }

  @Test
  void pixelsGoFromTheLeftAndRowsFromTheTop() throws IOException {
    byte[] rgb =
        bytes(
            255, 0, 0, /**/ 0, 255, 0, /**/ 0, 0, 255, //
            0, 0, 0, /**/ 255, 255, 255, /**/ 255, 255, 0);
    Thumbnail thumbnail = Thumbnails.of(3, 2, rgb);
    assertThat(thumbnail.width()).isEqualTo(3);
    assertThat(thumbnail.height()).isEqualTo(2);
    BufferedImage drawn = drawn(thumbnail);
    assertThat(drawn.getHeight()).isEqualTo(2);
    assertThat(row(drawn, 0)).containsExactly(RED, GREEN, BLUE);
    assertThat(row(drawn, 1)).containsExactly(0xff000000, 0xffffffff, 0xffffff00);
  }

  /** 4 pixels each, 2 apart. */
  @Test
  void aStripShowsEveryFileOnceInTheirOrderWithNothingBetween() throws IOException {
    Thumbnail strip = Thumbnails.strip(files("red", "green", "blue"), coloured(4, 3), true);
    assertThat(strip.width()).isEqualTo(16);
    assertThat(strip.height()).isEqualTo(3);
    BufferedImage drawn = drawn(strip);
    for (int y = 0; y < 3; y++) {
      assertThat(row(drawn, y))
          .containsExactly(
              RED, RED, RED, RED, 0, 0, GREEN, GREEN, GREEN, GREEN, 0, 0, BLUE, BLUE, BLUE, BLUE);
    }
  }

  /** JPEG knows nothing transparent; black would look like a part of the images. */
  @Test
  void aStripThatMayLoseDetailIsJpegWithGreyBetween() throws IOException {
    Thumbnail strip = Thumbnails.strip(files("red", "green", "blue"), coloured(48, 32), false);
    assertThat(strip.uri()).startsWith("data:image/jpeg;base64,");
    assertThat(strip.width()).isEqualTo(48 + 2 + 48 + 2 + 48);
    BufferedImage drawn = drawn(strip);
    assertNear(drawn.getRGB(20, 16), RED);
    assertNear(drawn.getRGB(70, 16), GREEN);
    assertNear(drawn.getRGB(120, 16), BLUE);
    BufferedImage grey = drawn(Thumbnails.strip(files("grey", "grey"), coloured(31, 32), false));
    for (int x : List.of(31, 32)) {
      assertNear(grey.getRGB(x, 16), 0xff808080);
    }
  }

  /** Of 256 x 128 half is left; red above green, both sides of them blue. */
  @Test
  void aLargeImageIsShownSmallerWithAllInItsPlace() throws IOException {
    byte[] rgb = new byte[3 * 256 * 128];
    for (int i = 0; i < 256 * 128; i++) {
      int x = i % 256;
      int channel = x < 64 || x >= 192 ? 2 : i / 256 < 64 ? 0 : 1;
      rgb[3 * i + channel] = (byte) 255;
    }
    Thumbnail thumbnail = Thumbnails.small(new Pixels(256, 128, rgb));
    assertThat(thumbnail.width()).isEqualTo(128);
    assertThat(thumbnail.height()).isEqualTo(64);
    BufferedImage drawn = drawn(thumbnail);
    assertThat(drawn.getWidth()).isEqualTo(128);
    assertThat(drawn.getHeight()).isEqualTo(64);
    assertNear(drawn.getRGB(16, 32), BLUE);
    assertNear(drawn.getRGB(64, 16), RED);
    assertNear(drawn.getRGB(64, 48), GREEN);
    assertNear(drawn.getRGB(112, 32), BLUE);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static List<Path> files(String... names) {
    return List.of(names).stream().map(Path::of).toList();
  }

  /** Reads a file as an image of the one colour that it is called by. */
  private static Function<Path, Pixels> coloured(int width, int height) {
    Map<String, byte[]> colours =
        Map.of(
            "red", bytes(255, 0, 0),
            "green", bytes(0, 255, 0),
            "blue", bytes(0, 0, 255),
            "grey", bytes(128, 128, 128));
    return file -> {
      byte[] colour = Objects.requireNonNull(colours.get(file.toString()), file.toString());
      byte[] rgb = new byte[3 * width * height];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = colour[i % 3];
      }
      return new Pixels(width, height, rgb);
    };
  }

  /** What a browser shows of it. */
  private static BufferedImage drawn(Thumbnail thumbnail) throws IOException {
    String data = thumbnail.uri().substring(thumbnail.uri().indexOf(',') + 1);
    byte[] file = Base64.getDecoder().decode(data);
    return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(file)));
  }

  /** Alpha, red, green, blue of a row's pixels; 0 where it is transparent. */
  private static int[] row(BufferedImage image, int y) {
    return image.getRGB(0, y, image.getWidth(), 1, null, 0, image.getWidth());
  }

  /** JPEG keeps no colour exactly. */
  private static void assertNear(int actual, int expected) {
    for (int shift : List.of(0, 8, 16)) {
      int apart = Math.abs((actual >> shift & 0xff) - (expected >> shift & 0xff));
      assertThat(apart).as("%08x instead of %08x", actual, expected).isLessThan(8);
    }
  }
}
