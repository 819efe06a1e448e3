package org.realera.scorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.realera.diffusion.Image;
import org.realera.diffusion.images.ImageDecoder;

/** What the scripts under scripts/golden made for the scorers. */
public final class ScorerGolden {
  private static final Path ROOT = Path.of("src/test/resources/golden");

  private ScorerGolden() {}

  /** A file under src/test/resources/golden. */
  public static Path file(String name) {
    return ROOT.resolve(name);
  }

  /** One of the real photographs there, without {@code .png}. */
  public static Image photograph(String name) {
    try {
      return ImageDecoder.decode(Files.readAllBytes(file("photographs/" + name + ".png")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A JSON file there. */
  public static JsonNode json(String name) {
    try {
      return new JsonMapper().readTree(Files.readAllBytes(file(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
