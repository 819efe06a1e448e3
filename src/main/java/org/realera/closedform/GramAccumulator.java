package org.realera.closedform;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.tensor.TorchScript;

/**
 * Collects what the closed form (eq. 7) needs of all samples and solves it once for all layers.
 *
 * <pre>
 *   min_W  sum ||W e_i - W_org e*_i||^2 + sum w_j ||W p_j - W_org p_j||^2 + mu ||W - W_org||_F^2
 *   W = W_org T,   T = (sum e* e^T + K + mu I) (sum e e^T + K + mu I)^-1,   K = sum w p p^T
 * </pre>
 *
 * <p>It is kept as {@code T = I + D G^-1} with {@code D = sum (e* - e) e^T} and {@code G = sum e
 * e^T + K + mu I}: what is kept and the ridge then have no part in D, so that T is the identity to
 * the last bit when nothing is moved.
 *
 * <p>Rows of several concepts share one accumulator. Memory is a few [d, d] float64 matrices,
 * however many rows go in. Owned by whoever made it; close it.
 */
public final class GramAccumulator implements AutoCloseable {
  /** Above this condition number float64 has no digits left to speak of. */
  private static final double WORST_CONDITION = 1e13;

  private final NDManager manager;
  private final Gram erased;
  private final Gram kept;
  private final Gram keptRelative;
  private final NDArray moved;
  private final long width;
  private double condition = 1;

  /**
   * An empty problem.
   *
   * @param width d of the text encoder, 768 for SD v1.4
   */
  public GramAccumulator(long width) {
    this.width = width;
    this.manager = NDManager.newBaseManager(Device.cpu());
    this.erased = new Gram(width);
    this.kept = new Gram(width);
    this.keptRelative = new Gram(width);
    this.moved = manager.zeros(new Shape(width, width), DataType.FLOAT64);
  }

  /**
   * Adds rows that are to be projected as others were (E, E*).
   *
   * @param source e, [..., d], any float type, on the CPU, borrowed
   * @param target e*, the same shape
   * @param weight of each row; the paper's is 1
   */
  public void add(NDArray source, NDArray target, double weight) {
    if (!source.getShape().equals(target.getShape())) {
      throw new IllegalArgumentException(
          "sources " + source.getShape() + " and targets " + target.getShape() + " do not pair");
    }
    NDArray x = Gram.rowsOf(source, width);
    NDArray y = Gram.rowsOf(target, width);
    erased.add(x, weight);
    LinearAlgebra.script().run("add_difference", moved, y, x, weight);
    Gram.release(x, source);
    Gram.release(y, target);
  }

  /**
   * Adds rows that are to stay where they are (the paper's P).
   *
   * @param rows [..., d], any float type, on the CPU, borrowed
   * @param weight of each row; the paper's is lambda1
   */
  public void keep(NDArray rows, double weight) {
    kept.add(rows, weight);
  }

  /**
   * Adds a whole set that is to stay where it is, weighed against all rows that are added: at 1
   * both have the same trace, however many rows, concepts and templates either has. An empty set
   * changes nothing.
   */
  public void keepRelative(Gram set, double weight) {
    double trace = set.trace();
    if (trace > 0 || Double.isNaN(trace)) {
      keptRelative.add(set, weight / trace);
    }
  }

  /** Rows added by {@link #add} so far. */
  public long erasedRows() {
    return erased.rows();
  }

  /** Rows added by {@link #keep} and {@link #keepRelative} so far. */
  public long keptRows() {
    return kept.rows() + keptRelative.rows();
  }

  /** Condition number of the matrix that {@link #solve} inverted last; 1 before. */
  public double condition() {
    return condition;
  }

  /**
   * Solves for T.
   *
   * @param mu the ridge, relative to the mean diagonal of the Gram matrix of the rows added
   * @return T [d, d] float64, for column vectors: W = W_org T; owned by {@code scope}. Exactly the
   *     identity if nothing was added
   * @throws RealeraException (usage) if mu and the samples leave the problem singular to working
   *     precision; (damaged) if a row was not finite
   */
  public NDArray solve(double mu, NDManager scope) {
    TorchScript script = LinearAlgebra.script();
    if (erased.rows() == 0) {
      return script.tensor(scope, "identity", width);
    }
    double trace = erased.trace();
    try (Gram normal = new Gram(width);
        NDManager inner = NDManager.newBaseManager(Device.cpu())) {
      normal.add(erased, 1);
      normal.add(kept, 1);
      normal.add(keptRelative, trace);
      if (!Double.isFinite(normal.trace())) {
        throw notFinite();
      }
      NDArray identity = script.tensor(inner, "identity", width);
      script.run("add_matrix", normal.matrix(), identity, mu * trace / width);
      var solution = script.tensors(inner, "solve_right", normal.matrix(), moved);
      double[] state = solution.get(1).toDoubleArray();
      check(state[0], state[1], mu);
      condition = state[1];
      NDArray t = solution.get(0);
      if (!Double.isFinite(t.sum().getDouble())) {
        throw notFinite();
      }
      script.run("add_matrix", t, identity, 1.0);
      t.attach(scope);
      return t;
    }
  }

  private static void check(double failedMinor, double condition, double mu) {
    if (failedMinor == 0 && condition <= WORST_CONDITION) {
      return;
    }
    if (failedMinor == 0 && Double.isNaN(condition)) {
      throw notFinite();
    }
    String why =
        failedMinor > 0
            ? String.format("not positive definite (minor %.0f)", failedMinor)
            : String.format(
                Locale.ROOT, "singular to working precision (condition %.0e)", condition);
    throw RealeraException.usage(
        String.format(Locale.ROOT, "the closed form's matrix is %s with mu = %s", why, mu),
        "raise closed_form.mu; 0.01 is small");
  }

  private static RealeraException notFinite() {
    return new RealeraException(
        Kind.DAMAGED,
        "the closed form was given rows with numbers that are not finite",
        "check the checkpoint's text encoder, or use --dtype fp32");
  }

  @Override
  public void close() {
    erased.close();
    kept.close();
    keptRelative.close();
    manager.close();
  }
}
