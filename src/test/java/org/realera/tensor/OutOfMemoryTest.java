package org.realera.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** As the libraries print it. */
class OutOfMemoryTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "std::bad_alloc",
        "bad allocation",
        "CUDA out of memory. Tried to allocate 2.00 GiB.",
        "CUDA error: out of memory",
        "[enforce fail at alloc_cpu.cpp:114] err == 0. DefaultCPUAllocator: can't allocate memory:"
            + " you tried to allocate 400000000000 bytes. Error code 12 (Cannot allocate memory)",
        "DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes.",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "Failed to allocate memory for requested buffer of size 4096",
        "Map failed",
      })
  void everyLibrarysWordsAreKnown(String message) {
    assertThat(OutOfMemory.isSaid(message)).isTrue();
    RuntimeException error =
        EngineErrors.translate("unet.py, forward", new EngineException("Traceback\n" + message));
    assertThat(error)
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RESOURCES));
  }

  @Test
  void otherErrorsAreOthers() {
    assertThat(OutOfMemory.isSaid("mat1 and mat2 shapes cannot be multiplied")).isFalse();
    assertThat(OutOfMemory.isSaid(null)).isFalse();
  }
}
