package org.realera.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/**
 * Inputs that once went wrong, or might: tiny files under {@code src/test/resources/corpus}, each
 * with the right answer beside it. The next one is one file more.
 */
public final class Corpus {
  private Corpus() {}

  /** A kind's folder. */
  public static Path folder(String kind) {
    try {
      return Path.of(
          Objects.requireNonNull(Corpus.class.getResource("/corpus/" + kind), kind).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * The inputs of a kind that have an answer of that ending, in order.
   *
   * @param ending for {@code x.json}, {@code .refused.txt} means {@code x.refused.txt}
   */
  public static List<Path> files(String kind, String ending) {
    try (Stream<Path> files = Files.list(folder(kind))) {
      List<Path> found =
          files
              .filter(f -> f.toString().endsWith(ending))
              .map(f -> f.resolveSibling(f.getFileName().toString().replace(ending, ".json")))
              .sorted()
              .toList();
      assertThat(found).as(kind + ending).isNotEmpty();
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer that stands beside an input. */
  public static Path beside(Path file, String ending) {
    return file.resolveSibling(file.getFileName().toString().replace(".json", ending));
  }

  /** Expects a damaged file to be refused in one line, with the words beside it. */
  public static void assertRefused(Path file, ThrowingCallable reading) {
    RealeraException refused = catchThrowableOfType(RealeraException.class, reading);
    assertThat(refused).as("refuses " + file).isNotNull();
    try {
      assertThat(refused)
          .hasMessageContaining(Files.readString(beside(file, ".refused.txt")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(refused.getMessage()).contains(".json").doesNotContain("\n");
    assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
  }
}
