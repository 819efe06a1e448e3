package org.realera.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.realera.diffusion.Picture;

/** What the scripts under scripts/golden made for the scorers. */
final class ScorerGolden {
  private static final Path ROOT = Path.of("src/test/resources/golden");

  private ScorerGolden() {}

  static Path file(String name) {
    return ROOT.resolve(name);
  }

  static Picture photograph(String name) {
    try {
      return ImageStore.picture(ImageIO.read(file("photographs/" + name + ".png").toFile()));
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
