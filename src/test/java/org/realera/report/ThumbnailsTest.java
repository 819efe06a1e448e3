package org.realera.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.report.Thumbnails.Pixels;

class ThumbnailsTest {
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
}
