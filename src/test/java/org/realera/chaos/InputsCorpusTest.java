package org.realera.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.RealeraException;
import org.realera.golden.Corpus;

/**
 * Files as users have them and other programs write them: {@code corpus/inputs}, a folder for each
 * kind of {@link Inputs}. Beside each file lies {@code .read}, or {@code .refused} with words of
 * the error.
 */
class InputsCorpusTest {
  private static final String READ = ".read";
  private static final String REFUSED = ".refused";

  @TempDir private static Path root;
  private static Map<String, Input> inputs;

  @BeforeAll
  static void write() throws IOException {
    inputs = Inputs.all(root).stream().collect(Collectors.toMap(Input::name, Function.identity()));
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(Corpus.folder("inputs"))) {
      return all.filter(Files::isRegularFile).filter(file -> !isAnswer(file)).sorted().toList();
    }
  }

  private static boolean isAnswer(Path file) {
    return file.toString().endsWith(READ) || file.toString().endsWith(REFUSED);
  }

  private static Path answer(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  @Test
  void everyFileHasOneAnswer() throws IOException {
    assertThat(files())
        .hasSizeGreaterThan(50)
        .allMatch(file -> Files.exists(answer(file, READ)) != Files.exists(answer(file, REFUSED)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileIsReadOrRefusedByNameWithTheWordsBesideIt(Path file) throws IOException {
    Input input = inputs.get(file.getParent().getFileName().toString());
    assertThat(input).as("a kind of " + file).isNotNull();
    Files.copy(file, input.file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Throwable thrown = catchThrowable(() -> input.reader().read(input.file()));
    Files.write(input.file(), input.seeds().get(0));
    Path refused = answer(file, REFUSED);
    if (!Files.exists(refused)) {
      assertThat(thrown).isNull();
      return;
    }
    assertThat(thrown)
        .isInstanceOfSatisfying(RealeraException.class, e -> assertThat(input.names(e)).isTrue())
        .hasMessageContaining(Files.readString(refused).strip())
        .message()
        .doesNotContain("\n");
    assertThat(((RealeraException) thrown).remedy()).matches("\\A\\p{Lu}[^\\n]*\\.\\z");
  }
}
