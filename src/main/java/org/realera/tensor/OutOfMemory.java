package org.realera.tensor;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How native libraries say that memory ran out: each in its own words, and only in words. */
public final class OutOfMemory {
  private static final List<String> WORDS =
      List.of(
          "out of memory",
          "can't allocate memory",
          "cannot allocate memory",
          "not enough memory",
          "failed to allocate memory",
          "bad_alloc",
          "bad allocation",
          "alloc_failed",
          "map failed");

  private OutOfMemory() {}

  /**
   * Whether a message says it: libtorch's allocators, CUDA with cuBLAS and cuDNN, the C++ library,
   * ONNX Runtime, the operating system.
   *
   * @param message of an exception; null says nothing
   */
  public static boolean isSaid(@Nullable String message) {
    if (message == null) {
      return false;
    }
    String lower = message.toLowerCase(Locale.ROOT);
    return WORDS.stream().anyMatch(lower::contains);
  }
}
