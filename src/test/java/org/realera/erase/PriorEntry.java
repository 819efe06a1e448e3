package org.realera.erase;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Opens the prior's cache to tests of damaged files. */
public final class PriorEntry {
  private static final Shape SHAPE = new Shape(2, 3);

  private PriorEntry() {}

  /** Writes an entry and returns its file. */
  public static Path write(Path folder) throws IOException {
    read(folder);
    try (Stream<Path> files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }

  /** Reads the entry, or makes it again. */
  public static void read(Path folder) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      new PriorCache(folder).get(List.of("a"), SHAPE, scope, () -> scope.ones(SHAPE));
    }
  }
}
