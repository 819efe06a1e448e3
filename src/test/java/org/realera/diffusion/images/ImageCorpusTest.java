package org.realera.diffusion.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.diffusion.Image;

/**
 * Every image of {@code corpus/pictures} has its answer beside it: the pixels by Pillow 13.0.0
 * ({@code .ppm}) or words of its error ({@code .error}). {@code scripts/golden/pictures.py} writes
 * them; a new case is a file and its answer.
 *
 * <p>Pixels are equal, with no tolerance: JPEG's planes come from an inverse transform in integers
 * that all kinds of libjpeg share (6b in most JDKs, libjpeg-turbo in Debian's and in Pillow), and
 * the rest is Pillow's own arithmetic.
 */
class ImageCorpusTest {
  static final Path CORPUS = Path.of("src/test/resources/corpus/pictures");

  static List<Path> images() throws IOException {
    try (Stream<Path> all = Files.list(CORPUS)) {
      return all.filter(file -> !isAnswer(file)).sorted().toList();
    }
  }

  private static boolean isAnswer(Path file) {
    return file.toString().endsWith(".ppm") || file.toString().endsWith(".error");
  }

  private static Path answer(Path image, String ending) {
    return image.resolveSibling(image.getFileName() + ending);
  }

  @Test
  void everyImageHasOneAnswerAndEveryAnswerItsImage() throws Exception {
    assertThat(images())
        .hasSizeGreaterThan(80)
        .allMatch(
            file -> Files.exists(answer(file, ".ppm")) != Files.exists(answer(file, ".error")));
    try (Stream<Path> all = Files.list(CORPUS)) {
      assertThat(all.filter(ImageCorpusTest::isAnswer)).hasSameSizeAs(images());
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void isReadAsPillowReadsItOrRefused(Path image) throws Exception {
    byte[] bytes = Files.readAllBytes(image);
    Path error = answer(image, ".error");
    if (Files.exists(error)) {
      assertThatThrownBy(() -> ImageDecoder.decode(bytes))
          .isInstanceOf(UnreadableImageException.class)
          .hasMessageContaining(Files.readString(error).strip());
      return;
    }
    // as text: a failure then shows where they differ, not all numbers
    assertThat(HexFormat.of().formatHex(ppm(ImageDecoder.decode(bytes))))
        .isEqualTo(HexFormat.of().formatHex(Files.readAllBytes(answer(image, ".ppm"))));
  }

  static byte[] ppm(Image image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String header = "P6\n" + image.width() + " " + image.height() + "\n255\n";
    out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(image.rgb());
    return out.toByteArray();
  }
}
