package org.realera.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.realera.files.Digests;
import org.realera.safetensors.DType;

/**
 * A stream of random numbers of its own: those that Python gets from {@code
 * torch.Generator().manual_seed(seed)}, or from the global generator after {@code
 * torch.manual_seed(seed)}. Draws happen on the CPU in fp32, whatever the device, so that a seed
 * means the same everywhere. Streams do not disturb each other; one stream is for one thread.
 *
 * <p>A stage that can be resumed makes a new stream for each step from {@link #derive}: then there
 * is no generator state to save.
 */
public final class Noise {
  private static final Cleaner CLEANER = Cleaner.create();

  private final TorchScript.Held generator;

  private static TorchScript script() {
    return TorchScript.shared("noise");
  }

  /** Starts the stream of {@code seed}: any number, of which libtorch uses the lower 32 bits. */
  public Noise(long seed) {
    TorchScript.Held held = script().held("generator", seed);
    this.generator = held;
    CLEANER.register(this, held::close);
  }

  /**
   * {@code torch.randn(shape)}.
   *
   * @return standard normal numbers, fp32 on the CPU, owned by {@code scope}
   */
  public NDArray normal(NDManager scope, Shape shape) {
    return script().tensor(scope, "normal", generator, shape.getShape());
  }

  /**
   * {@code torch.empty(shape).uniform_(lo, hi)}.
   *
   * @return numbers in [lo, hi), fp32 on the CPU, owned by {@code scope}
   */
  public NDArray uniform(NDManager scope, double lo, double hi, Shape shape) {
    int fp32 = DType.F32.scalarType();
    return script().tensor(scope, "uniform", generator, lo, hi, shape.getShape(), fp32);
  }

  /** One number in [lo, hi), drawn in float64. */
  public double uniform(double lo, double hi) {
    int fp64 = DType.F64.scalarType();
    try (NDManager scope = NDManager.newBaseManager(ai.djl.Device.cpu())) {
      return script()
          .tensor(scope, "uniform", generator, lo, hi, new long[] {1}, fp64)
          .getDouble(0);
    }
  }

  /** One whole number in [0, n), as {@code torch.randint(n, (1,))}. */
  public long integer(long n) {
    return script().integer("integer", generator, n);
  }

  /**
   * A seed for one purpose, so that stages and steps draw from streams that have nothing to do with
   * each other. The same on every machine, today and tomorrow.
   *
   * @return a number in [0, 2^63)
   */
  public static long derive(long seed, String purpose, long index) {
    String text = seed + "\n" + purpose + "\n" + index;
    byte[] hash = Digests.digest().digest(text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE;
  }
}
