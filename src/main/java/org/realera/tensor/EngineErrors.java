package org.realera.tensor;

import ai.djl.engine.EngineException;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** Turns libtorch's pages of C++ into the one line that matters. */
final class EngineErrors {
  private EngineErrors() {}

  /**
   * Says whose fault it was.
   *
   * @param where what was called, for the message
   * @return {@link RealeraException} (resources) when memory ran out, else {@link
   *     IllegalStateException}: the fault is ours
   */
  static RuntimeException translate(String where, EngineException e) {
    String text = String.valueOf(e.getMessage());
    if (OutOfMemory.isSaid(text)) {
      return new RealeraException(
          Kind.RESOURCES,
          "out of memory in " + where + ": " + lastLine(text),
          "Use smaller images or batches, --dtype bf16 or on a GPU fp16 (less memory), or"
              + " --device cpu.",
          e);
    }
    return new IllegalStateException(where + ": " + lastLine(text), e);
  }

  /** Whether memory ran out, on the device or for tensors on this side. */
  static boolean isOutOfMemory(RuntimeException e) {
    boolean ours = e instanceof RealeraException r && r.kind() == Kind.RESOURCES;
    return (ours || e instanceof EngineException) && OutOfMemory.isSaid(e.getMessage());
  }

  /**
   * The error when batches can't get any smaller.
   *
   * @param things what is worked on, in the plural
   */
  static RealeraException notEvenOne(String things, RuntimeException e) {
    return new RealeraException(
        Kind.RESOURCES,
        "out of memory with a single one of the %s: %s"
            .formatted(things, lastLine(String.valueOf(e.getMessage()))),
        "Use smaller images, --dtype bf16 or on a GPU fp16 (less memory), a larger GPU, or"
            + " --device cpu.",
        e);
  }

  /** libtorch puts its trace first and the cause last. */
  static String lastLine(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("~") && !line.startsWith("frame #"))
        .reduce((first, second) -> second)
        .orElse(text);
  }
}
