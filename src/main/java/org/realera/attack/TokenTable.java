package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.realera.tensor.Noise;
import org.realera.text.ClipTokenizer;
import org.realera.text.TextModel;

/** The rows of a text encoder's tokens, [V, d]: what attacks choose from. Close it. */
final class TokenTable implements AutoCloseable {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu());
  private final NDArray rows;
  private final long[] special;
  private final long[] plain;
  private @Nullable NDArray unit;
  private @Nullable NDArray barred;

  /**
   * @param text borrowed: must stay open until this is closed
   */
  TokenTable(TextModel text) {
    this.rows = text.tokenRows(manager);
    this.special = special(text.tokenizer());
    this.plain =
        LongStream.range(1, text.tokenizer().size())
            .filter(id -> LongStream.of(special).noneMatch(one -> one == id))
            .toArray();
  }

  private static long[] special(ClipTokenizer tokenizer) {
    long[] empty = tokenizer.tokenize("").ids();
    return LongStream.of(empty[0], empty[1], empty[2]).distinct().toArray();
  }

  /**
   * Ids of tokens that begin, end or fill a prompt: nobody types them, and no attack finds them.
   */
  long[] special() {
    return special.clone();
  }

  /** V. */
  int size() {
    return (int) rows.getShape().get(0);
  }

  /** d. */
  int width() {
    return (int) rows.getShape().get(1);
  }

  /** Ids that are drawn from: all but the special ones and the first, as Ring-A-Bell draws. */
  long[] plain() {
    return plain.clone();
  }

  /** So many of them, each drawn by itself. */
  long[] draw(int count, Noise noise) {
    return LongStream.range(0, count).map(i -> plain[(int) noise.integer(plain.length)]).toArray();
  }

  /** The rows of some tokens, [n d] row by row. */
  float[] rows(long[] ids) {
    float[] found = new float[ids.length * width()];
    for (int i = 0; i < ids.length; i++) {
      try (NDArray row = rows.get(ids[i])) {
        System.arraycopy(row.toFloatArray(), 0, found, i * width(), width());
      }
    }
    return found;
  }

  /**
   * The tokens whose rows have the largest cosine with some rows (PEZ's projection), but none that
   * is {@link #special()}.
   *
   * @param free [n d] row by row
   * @return n ids
   */
  long[] nearest(float[] free) {
    if (unit == null) {
      unit = unit(rows, manager);
    }
    try (NDManager scope = manager.newSubManager()) {
      NDArray given = matrix(free, scope); // its own length decides nothing
      return given.matMul(transposed(unit, scope)).add(barred()).argMax(1).toLongArray();
    }
  }

  /** What keeps special tokens from being the largest, [V]. */
  private NDArray barred() {
    NDArray known = barred;
    if (known == null) {
      float[] below = new float[size()];
      for (long id : special) {
        below[(int) id] = Float.NEGATIVE_INFINITY;
      }
      known = manager.create(below);
      barred = known;
    }
    return known;
  }

  private static NDArray unit(NDArray rows, NDManager scope) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray given = rows.duplicate();
      given.attach(inner);
      NDArray norms = given.norm(new int[] {1}, true).maximum(Float.MIN_NORMAL);
      NDArray unit = given.div(norms);
      unit.attach(scope);
      return unit;
    }
  }

  /**
   * The slope at one-hot rows over the vocabulary of what has a slope at the tokens' rows.
   *
   * @param gradient at the rows, [n d]
   * @return [n V] row by row
   */
  float[] atOneHot(float[] gradient) {
    try (NDManager scope = manager.newSubManager()) {
      return matrix(gradient, scope).matMul(transposed(rows, scope)).toFloatArray();
    }
  }

  private static NDArray transposed(NDArray rows, NDManager scope) {
    NDArray transposed = rows.transpose();
    transposed.attach(scope);
    return transposed;
  }

  private NDArray matrix(float[] values, NDManager scope) {
    return scope.create(values, new Shape(values.length / width(), width()));
  }

  @Override
  public void close() {
    manager.close();
  }
}
