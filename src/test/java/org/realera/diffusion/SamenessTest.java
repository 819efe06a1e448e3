package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamenessTest {
  private static Image image(int... bytes) {
    byte[] rgb = new byte[bytes.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) bytes[i];
    }
    return new Image(bytes.length / 3, 1, rgb);
  }

  @Test
  void imagesOfOneColourEachAreFound() {
    Image black = image(0, 0, 0, 0, 0, 0);
    Image red = image(255, 0, 0, 255, 0, 0);
    assertThat(Sameness.of(Stream.of(black)))
        .hasValue("the picture is of one colour, as a broken model draws them");
    assertThat(Sameness.of(Stream.of(black, red)))
        .hasValue("each of the 2 pictures is of one colour, as a broken model draws them");
    assertThat(Sameness.of(Stream.of(black, red, image(0, 0, 0, 0, 0, 1)))).isEmpty();
  }

  @Test
  void imagesThatAreAllOneAndTheSameAreFound() {
    Image some = image(1, 2, 3, 4, 5, 6);
    assertThat(Sameness.of(Stream.of(some))).isEmpty();
    assertThat(Sameness.of(Stream.of(some, some, some))).hasValue("all 3 pictures are the same");
    assertThat(Sameness.of(Stream.of(some, some, image(1, 2, 3, 4, 5, 7)))).isEmpty();
    assertThat(Sameness.of(Stream.of(some, new Image(1, 2, some.rgb())))).isEmpty();
    assertThat(Sameness.of(Stream.of())).isEmpty();
  }

  @Test
  void noMoreIsReadThanItTakes() {
    Stream<Image> images =
        Stream.of(1, 2, 3)
            .map(
                i -> {
                  assertThat(i).isLessThan(3);
                  return image(i, 2, 3, 4, 5, 6);
                });
    assertThat(Sameness.of(images)).isEmpty();
  }
}
