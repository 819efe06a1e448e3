package org.realera.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;

class ImageStoreTest {
  private static final Image PICTURE = new Image(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
  private static final PlannedImage IMAGE =
      new PlannedImage(new ImageSet("cat", Role.KEPT, "cat", "cat", "a cat"), 7);

  @TempDir private Path folder;

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
