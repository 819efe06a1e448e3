package org.realera.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What somebody has put into a model's folder, as far as that can be told. Texts and images of a
 * model's source go along with it, and weights have many names; but runs, images that this program
 * drew and other models are never part of a model that it writes.
 */
final class Foreign {
  private static final int START = 1 << 16;

  /**
   * As diffusion's ImageTexts signs every image; it stands within the first START bytes unless the
   * prompts are longer.
   */
  private static final String DRAWN = "Software\0realera";

  private Foreign() {}

  /**
   * The first of it, in the order of paths, and what it is.
   *
   * @param sources models that the folder may be a copy of: what they have, too, is theirs
   */
  static Optional<String> in(Path folder, List<Path> sources) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(
              file ->
                  sources.stream()
                      .noneMatch(model -> Files.exists(model.resolve(folder.relativize(file)))))
          .sorted()
          .flatMap(file -> name(folder, file))
          .findFirst();
    } catch (UncheckedIOException e) {
      throw IoErrors.reading(folder, e);
    } catch (IOException e) {
      throw IoErrors.reading(folder, e);
    }
  }

  private static Stream<String> name(Path folder, Path file) {
    String name = String.valueOf(file.getFileName());
    Path path = folder.relativize(file);
    if (name.equals(RunMark.FILE) && RunMark.schema(parent(file)).isPresent()) {
      return Stream.of("a run, " + path);
    }
    if (name.endsWith(".png") && start(file).contains(DRAWN)) {
      return Stream.of("a picture, " + path);
    }
    boolean below = path.getNameCount() > 1;
    return below && name.equals("model_index.json")
        ? Stream.of("another model, " + path)
        : Stream.empty();
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  private static String start(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      return new String(bytes.readNBytes(START), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }
}
