package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamenessTest {
  private static Image picture(int... bytes) {
    byte[] rgb = new byte[bytes.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) bytes[i];
    }
    return new Image(bytes.length / 3, 1, rgb);
  }

  @Test
  void picturesOfOneColourEachAreFound() {
    Image black = picture(0, 0, 0, 0, 0, 0);
    Image red = picture(255, 0, 0, 255, 0, 0);
    assertThat(Sameness.of(Stream.of(black)))
        .hasValue("the picture is of one colour, as a broken model draws them");
    assertThat(Sameness.of(Stream.of(black, red)))
        .hasValue("each of the 2 pictures is of one colour, as a broken model draws them");
    assertThat(Sameness.of(Stream.of(black, red, picture(0, 0, 0, 0, 0, 1)))).isEmpty();
  }

  @Test
  void picturesThatAreAllOneAndTheSameAreFound() {
    Image some = picture(1, 2, 3, 4, 5, 6);
    assertThat(Sameness.of(Stream.of(some))).isEmpty();
    assertThat(Sameness.of(Stream.of(some, some, some))).hasValue("all 3 pictures are the same");
    assertThat(Sameness.of(Stream.of(some, some, picture(1, 2, 3, 4, 5, 7)))).isEmpty();
    assertThat(Sameness.of(Stream.of(some, new Image(1, 2, some.rgb())))).isEmpty();
    assertThat(Sameness.of(Stream.of())).isEmpty();
  }

  @Test
  void noMoreIsReadThanItTakes() {
    Stream<Image> pictures =
        Stream.of(1, 2, 3)
            .map(
                i -> {
                  assertThat(i).isLessThan(3);
                  return picture(i, 2, 3, 4, 5, 6);
                });
    assertThat(Sameness.of(pictures)).isEmpty();
  }
}
