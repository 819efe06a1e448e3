package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.w3c.dom.NodeList;

/** Read back with the JDK's own PNG reader. */
class PngWriterTest {
  @TempDir Path folder;

  @Test
  void everyPixelComesBack() throws IOException {
    byte[] rgb = new byte[3 * 7 * 5];
    new Random(1).nextBytes(rgb);
    Path file = folder.resolve("a.png");
    PngWriter.write(file, new Image(7, 5, rgb), Map.of());
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(7);
    for (int i = 0; i < 35; i++) {
      int expected = (rgb[3 * i] & 255) << 16 | (rgb[3 * i + 1] & 255) << 8 | rgb[3 * i + 2] & 255;
      assertThat(image.getRGB(i % 7, i / 7) & 0xffffff).isEqualTo(expected);
    }
  }

  @Test
  void textsComeBackInAnyScript() throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("prompt", "café");
    texts.put("seed", "42");
    texts.put("negative", "空 🛩");
    Path file = folder.resolve("b.png");
    PngWriter.write(file, new Image(1, 1, new byte[3]), texts);
    assertThat(texts(file)).isEqualTo(texts);
  }

  private static Map<String, String> texts(Path file) throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
      reader.setInput(in);
      var metadata = reader.getImageMetadata(0);
      var root = (IIOMetadataNode) metadata.getAsTree(metadata.getNativeMetadataFormatName());
      for (String type : List.of("tEXtEntry", "iTXtEntry")) {
        NodeList entries = root.getElementsByTagName(type);
        for (int i = 0; i < entries.getLength(); i++) {
          var entry = (IIOMetadataNode) entries.item(i);
          String value = type.equals("tEXtEntry") ? "value" : "text";
          found.put(entry.getAttribute("keyword"), entry.getAttribute(value));
        }
      }
      reader.dispose();
    }
    return found;
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path file = folder.resolve("missing").resolve("c.png");
    assertThatThrownBy(() -> PngWriter.write(file, new Image(1, 1, new byte[3]), Map.of()))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("c.png");
  }

  @Test
  void aGridLeavesGapsAndEmptyPlacesWhite() {
    Image black = new Image(2, 1, new byte[6]);
    Image grid = Image.grid(List.of(black, black, black), 2, 1);
    assertThat(grid.width()).isEqualTo(5);
    assertThat(grid.height()).isEqualTo(3);
    assertThat(grid.rgb()).hasSize(45);
    assertThat(grid.rgb()[0]).isZero();
    assertThat(grid.rgb()[3 * 2]).isEqualTo((byte) 255);
    assertThat(grid.rgb()[3 * (2 * 5)]).isZero();
    assertThat(grid.rgb()[3 * (2 * 5 + 3)]).isEqualTo((byte) 255);
  }

  @Test
  void theWrongNumberOfBytesIsNoImage() {
    assertThatThrownBy(() -> new Image(2, 2, new byte[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
