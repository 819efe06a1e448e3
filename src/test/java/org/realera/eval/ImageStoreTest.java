package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.diffusion.Picture;
import org.realera.diffusion.PngWriter;
import org.realera.eval.ImageSet.Role;

class ImageStoreTest {
  private static final Picture PICTURE = new Picture(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
  private static final PlannedImage IMAGE =
      new PlannedImage(new ImageSet("cat", Role.KEPT, "cat", "cat", "a cat"), 7);

  @TempDir private Path folder;

  @Test
  void everyShorterFileIsNotWhole() {
    byte[] png = PngWriter.encode(PICTURE, Map.of("prompt", "a cat"));
    assertThat(ImageStore.isWhole(png, 2, 1)).isTrue();
    for (int length = 0; length < png.length; length++) {
      assertThat(ImageStore.isWhole(Arrays.copyOf(png, length), 2, 1)).as("%s", length).isFalse();
    }
  }

  @Test
  void everyFlippedByteBehindTheSignatureIsNoticed() {
    byte[] png = PngWriter.encode(PICTURE, Map.of("prompt", "a cat"));
    for (int at = 0; at < png.length; at++) {
      byte[] broken = png.clone();
      broken[at] ^= 0x10;
      assertThat(ImageStore.isWhole(broken, 2, 1)).as("byte %s", at).isFalse();
    }
  }

  @Test
  void anImageOfAnotherSizeIsNotWhole() {
    assertThat(ImageStore.isWhole(PngWriter.encode(PICTURE, Map.of()), 1, 2)).isFalse();
  }

  @Test
  void whatIsWrittenIsReadBack() {
    ImageStore store = new ImageStore(folder, 2, 1);
    assertThat(store.has(IMAGE)).isFalse();
    store.write(IMAGE, PICTURE, Map.of());
    assertThat(store.has(IMAGE)).isTrue();
    assertThat(store.path(IMAGE)).isEqualTo(folder.resolve("images/cat/a-cat_7.png"));
    assertThat(store.read(IMAGE).picture().rgb()).isEqualTo(PICTURE.rgb());
  }

  @Test
  void aDamagedImageIsNamed() throws Exception {
    ImageStore store = new ImageStore(folder, 2, 1);
    store.write(IMAGE, PICTURE, Map.of());
    Files.write(store.path(IMAGE), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> store.read(IMAGE))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("a-cat_7.png is no whole PNG of 2 x 1");
  }
}
