package org.realera.closedform;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * The Gram matrix of a set of rows, {@code sum w x x^T} [d, d] in float64 on the CPU. However many
 * rows go in, memory stays the same. The creator closes it.
 */
public final class Gram implements AutoCloseable {
  private final NDManager manager;
  private final NDArray matrix;
  private long rows;

  /**
   * An empty set.
   *
   * @param width d
   */
  public Gram(long width) {
    this.manager = NDManager.newBaseManager(Device.cpu());
    this.matrix = manager.zeros(new Shape(width, width), DataType.FLOAT64);
  }

  /**
   * Adds rows, each with the same weight.
   *
   * @param x [..., d], any float type, on the CPU, borrowed
   * @param weight 0 or more
   */
  public void add(NDArray x, double weight) {
    NDArray flat = rowsOf(x, width());
    rows += ClosedForm.script().integer("add_square", matrix, flat, weight);
    release(flat, x);
  }

  /**
   * Takes rows out again that went in with weight 1.
   *
   * @param x [..., d], any float type, on the CPU, borrowed
   */
  void subtract(NDArray x) {
    NDArray flat = rowsOf(x, width());
    rows -= ClosedForm.script().integer("add_square", matrix, flat, -1.0);
    release(flat, x);
  }

  /**
   * Adds the sum of other rows.
   *
   * @param sum x x^T of them, [d, d] float64 on the CPU, borrowed
   * @param count how many they are
   */
  void addSum(NDArray sum, long count) {
    ClosedForm.script().run("add_matrix", matrix, sum, 1.0);
    rows += count;
  }

  /** {@code sum w x^T x}; divided by d the mean diagonal. */
  public double trace() {
    return ClosedForm.script().number("trace", matrix);
  }

  /** How many rows went in. */
  public long rows() {
    return rows;
  }

  /** d. */
  public long width() {
    return matrix.getShape().get(0);
  }

  /** The matrix itself, [d, d] float64, owned by this; for caches. */
  public NDArray matrix() {
    return matrix;
  }

  /** Adds {@code weight * other} of the same width. */
  public void add(Gram other, double weight) {
    ClosedForm.script().run("add_matrix", matrix, other.matrix, weight);
    rows += other.rows;
  }

  /**
   * Adds {@code sum weight x^T x + ridge I}.
   *
   * @param x [n, d], any float type, on the CPU, borrowed
   * @param count as how many rows that counts
   */
  void add(NDArray x, double weight, double ridge, long count) {
    ClosedForm.script().integer("add_rows", matrix, x, x, weight);
    ClosedForm.script().run("add_ridge", matrix, ridge);
    rows += count;
  }

  /** The array as rows, [n, d]: itself if it is so already. */
  static NDArray rowsOf(NDArray x, long width) {
    Shape shape = x.getShape();
    if (shape.dimension() < 1 || shape.get(shape.dimension() - 1) != width) {
      throw new IllegalArgumentException("rows of width " + width + " expected, found " + shape);
    }
    return shape.dimension() == 2 ? x : x.reshape(-1, width);
  }

  static void release(NDArray view, NDArray original) {
    if (view != original) {
      view.close();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
