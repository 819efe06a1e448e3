package org.realera.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A row of float32 numbers in libtorch's memory, which Java and networks on the CPU both work on
 * without a copy. It takes nothing of Java's heap, whose size is set before it is known what will
 * be trained. The memory goes with {@link #close}, or when nothing refers to the row any more.
 *
 * <p>Reading and writing need no lock as long as no two threads write the same numbers.
 */
public final class NativeFloats implements AutoCloseable {
  /** How many numbers a loop over a row takes at a time: they stay in a processor's cache. */
  public static final int BLOCK = 8192;

  private static final Cleaner CLEANER = Cleaner.create();

  private final NDArray numbers;
  private final FloatBuffer buffer;
  private final Cleaner.Cleanable memory;

  private NativeFloats(long size) {
    NDManager owner = NDManager.newBaseManager(Device.cpu());
    numbers = owner.zeros(new Shape(size));
    buffer = floats(numbers);
    memory = CLEANER.register(this, owner::close);
  }

  /**
   * A row of zeros.
   *
   * @param size how many; at most 2^29 - 1, 2 GiB
   */
  public static NativeFloats zeros(long size) {
    return new NativeFloats(size);
  }

  /** A copy of an array. */
  public static NativeFloats of(float... values) {
    NativeFloats row = new NativeFloats(values.length);
    row.write(0, values, values.length);
    return row;
  }

  /**
   * A copy of an array, row by row.
   *
   * @param values of any shape, float type and device; borrowed
   */
  public static NativeFloats copyOf(NDArray values) {
    NativeFloats row = new NativeFloats(values.size());
    row.set(values);
    return row;
  }

  /** The memory of an array, for as long as the array's manager is open. */
  private static FloatBuffer floats(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** The buffer, unless its memory is gone: a look at it would end the program. */
  private FloatBuffer open() {
    if (numbers.isReleased()) {
      throw new IllegalStateException("the row is closed");
    }
    return buffer;
  }

  /** How many numbers it has. */
  public long size() {
    return buffer.capacity();
  }

  /**
   * Copies a block.
   *
   * @param from index of the first number
   * @param block is filled, or as far as there are numbers
   * @return how many were copied
   */
  public int read(int from, float[] block) {
    try {
      int count = Math.min(block.length, open().capacity() - from);
      buffer.get(from, block, 0, count);
      return count;
    } finally {
      Reference.reachabilityFence(this); // else the memory may go meanwhile
    }
  }

  /**
   * Puts a block in.
   *
   * @param from index of the first number
   * @param count how many of {@code block} are taken
   */
  public void write(int from, float[] block, int count) {
    try {
      open().put(from, block, 0, count);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Takes over another's numbers; arguments as {@link #copyOf}, of the same size. */
  public void set(NDArray values) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      open().put(0, floats(flat(values, scope)), 0, buffer.capacity());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Adds another's numbers to its own; arguments as {@link #set}. */
  public void add(NDArray values) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      numbers.addi(flat(values, scope));
    }
  }

  private NDArray flat(NDArray values, NDManager scope) {
    if (values.size() != size()) {
      throw new IllegalArgumentException(values.size() + " numbers for " + size());
    }
    NDArray here = owned(values.toDevice(Device.cpu(), false), values, scope);
    NDArray single = owned(here.toType(DataType.FLOAT32, false), values, scope);
    return owned(single.reshape(new Shape(size())), values, scope);
  }

  /** A step's result may be the array itself, or a new one that belongs to the array's manager. */
  private static NDArray owned(NDArray result, NDArray borrowed, NDManager scope) {
    if (result != borrowed) {
      result.attach(scope);
    }
    return result;
  }

  /** A copy in Java's heap. */
  public float[] toArray() {
    float[] values = new float[buffer.capacity()];
    read(0, values);
    return values;
  }

  /** All numbers added up in order, in double precision. */
  public double sum() {
    float[] block = new float[BLOCK];
    double sum = 0;
    for (int from = 0; from < size(); from += BLOCK) {
      int count = read(from, block);
      for (int i = 0; i < count; i++) {
        sum += block[i];
      }
    }
    return sum;
  }

  /** Whether none of the numbers is NaN or infinite. */
  public boolean isFinite() {
    float[] block = new float[BLOCK];
    for (int from = 0; from < size(); from += BLOCK) {
      int count = read(from, block);
      for (int i = 0; i < count; i++) {
        if (!Float.isFinite(block[i])) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The row as a tensor: on the CPU the same memory, which lives as long as one of both does;
   * elsewhere a copy.
   *
   * @param shape of as many numbers
   * @param scope owns the tensor and says where it is
   */
  public NDArray tensor(Shape shape, NDManager scope) {
    NDArray tensor = numbers.reshape(shape);
    if (scope.getDevice().isGpu()) {
      try (NDArray here = tensor) {
        tensor = here.toDevice(scope.getDevice(), true);
      }
    }
    tensor.attach(scope);
    return tensor;
  }

  @Override
  public void close() {
    memory.clean();
  }
}
