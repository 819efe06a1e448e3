package org.realera.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.IoErrors;

/**
 * Standard output, which remembers that it could not be written: a {@link PrintStream} tells
 * nobody, and a result that is lost on a full disk must not look like one that is there.
 */
final class Stdout extends OutputStream {
  private static final Path NAME = Path.of("standard output");

  private final OutputStream out;
  private @Nullable IOException failure;

  /**
   * @param out unbuffered, e.g. the file descriptor itself
   */
  Stdout(OutputStream out) {
    this.out = out;
  }

  /** A stream for texts over this one; each line goes out at once. */
  PrintStream printer() {
    return new PrintStream(this, true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** Writes nothing more once something was lost: no result with a hole in it. */
  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /**
   * What kept a result from being written. A reader that has seen enough, as in {@code realera
   * model list | head -1}, is none.
   */
  Optional<RealeraException> problem() {
    return Optional.ofNullable(failure)
        .filter(e -> !String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe"))
        .map(e -> IoErrors.writing(NAME, e));
  }
}
