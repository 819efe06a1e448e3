package org.realera.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.realera.diffusion.Picture;

/** What the scripts under scripts/golden made for the scorers. */
final class Golden {
  private static final Path ROOT = Path.of("src/test/resources/golden");

  private Golden() {}

  static Path file(String name) {
    return ROOT.resolve(name);
  }

  static Picture photograph(String name) {
    try {
      BufferedImage image = ImageIO.read(file("photographs/" + name + ".png").toFile());
      int width = image.getWidth();
      int[] packed = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
      byte[] rgb = new byte[3 * packed.length];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) (packed[i / 3] >> (16 - 8 * (i % 3)));
      }
      return new Picture(width, image.getHeight(), rgb);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String name) {
    try {
      return new JsonMapper().readTree(Files.readAllBytes(file(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Npy npy(String name) {
    try {
      return Npy.parse(Files.readAllBytes(file(name)), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
