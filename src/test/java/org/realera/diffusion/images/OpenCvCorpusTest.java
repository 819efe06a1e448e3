package org.realera.diffusion.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;

/**
 * Images as {@code cv2.imread} (4.12) reads them. {@code corpus/opencv} holds those that only it
 * turns, and its pixels ({@code .ppm}) of those of {@code corpus/pictures} that Pillow reads
 * otherwise; all others of these must come out as Pillow's. {@code
 * scripts/golden/opencv_pictures.py} writes them.
 */
class OpenCvCorpusTest {
  private static final Path OPENCV = Path.of("src/test/resources/corpus/opencv");

  static List<Path> images() throws IOException {
    try (Stream<Path> turned = Files.list(OPENCV);
        Stream<Path> all = Files.list(ImageCorpusTest.CORPUS)) {
      return Stream.concat(turned, all.filter(file -> Files.exists(beside(file))))
          .filter(file -> !file.toString().endsWith(".ppm"))
          .sorted()
          .toList();
    }
  }

  private static Path beside(Path image) {
    return image.resolveSibling(image.getFileName() + ".ppm");
  }

  private static Path answer(Path image) {
    Path own = OPENCV.resolve(image.getFileName() + ".ppm");
    return Files.exists(own) ? own : beside(image);
  }

  @ParameterizedTest
  @MethodSource("images")
  void isReadAsOpenCvReadsIt(Path image) throws Exception {
    Image read = ImageDecoder.decodeAsOpenCv(Files.readAllBytes(image));
    assertThat(HexFormat.of().formatHex(ImageCorpusTest.ppm(read)))
        .isEqualTo(HexFormat.of().formatHex(Files.readAllBytes(answer(image))));
  }

  @Test
  void bothReadingsAreHeldWhereTheyDiffer() throws IOException {
    assertThat(images()).hasSizeGreaterThan(90);
    assertThat(images().stream().filter(image -> !answer(image).equals(beside(image))))
        .extracting(image -> image.getFileName().toString())
        .containsExactly(
            "cmyk-noise.jpg",
            "cmyk-without-adobe.jpg",
            "cmyk.jpg",
            "grey-16.png",
            "orientation.jpg",
            "orientation.png",
            "ycck.jpg");
  }

  @Test
  void whatRealeraDrewIsReadAlike() throws Exception {
    byte[] rgb = new byte[3 * 8 * 6];
    new Random(1).nextBytes(rgb);
    byte[] png = PngWriter.encode(new Image(8, 6, rgb), java.util.Map.of("prompt", "a cat"));
    assertThat(ImageDecoder.decodeAsOpenCv(png).rgb()).isEqualTo(rgb);
    assertThat(ImageDecoder.decode(png).rgb()).isEqualTo(rgb);
  }

  @Test
  void whatPillowsReadingRefusesThisOneRefuses() throws IOException {
    try (Stream<Path> all = Files.list(ImageCorpusTest.CORPUS)) {
      for (Path error : all.filter(file -> file.toString().endsWith(".error")).toList()) {
        Path image = Path.of(error.toString().replace(".error", ""));
        assertThatThrownBy(() -> ImageDecoder.decodeAsOpenCv(Files.readAllBytes(image)))
            .as(image.toString())
            .isInstanceOf(UnreadableImageException.class)
            .hasMessageContaining(Files.readString(error).strip());
      }
    }
  }
}
