package org.realera.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.realera.RealeraException;

/**
 * A kind of file that is read.
 *
 * @param name of the kind
 * @param file where a damaged one is put; what else it takes to be read lies round it
 * @param seeds whole files
 * @param text whether its words are damaged, not its bytes alone
 * @param repair makes checksums and lengths right again, so that the damage gets past them
 * @param reader reads it
 */
record Input(
    String name, Path file, List<byte[]> seeds, boolean text, Repair repair, Reader reader) {
  Input {
    seeds = List.copyOf(seeds);
  }

  /** Mends what would hide the damage. */
  interface Repair {
    byte[] repaired(byte[] damaged);
  }

  /** Reads a file, or what it belongs to. */
  @FunctionalInterface
  interface Reader {
    void read(Path file) throws Exception;
  }

  /** A text that lies where it is put. */
  static Input ofText(String name, Path file, Reader reader) throws IOException {
    return new Input(
        name, file, List.of(Files.readAllBytes(file)), true, damaged -> damaged, reader);
  }

  /** Whether an error names what is damaged: the file, its folder, or the model's round that. */
  boolean names(RealeraException e) {
    String message = String.valueOf(e.getMessage());
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    return Stream.of(file.getFileName(), folder, folder.getParent())
        .anyMatch(name -> message.contains(String.valueOf(name)));
  }
}
