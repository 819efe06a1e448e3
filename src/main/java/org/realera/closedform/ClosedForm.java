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
 * The closed form (eq. 7, Algorithm 1 line 24), solved once for all layers.
 *
 * <pre>
 *   min_W  sum ||W e_i - W_org e*_i||^2 + sum w_j ||W p_j - W_org p_j||^2 + mu ||W - W_org||_F^2
 *   W = W_org T,   T = (sum e* e^T + K + mu I) (sum e e^T + K + mu I)^-1,   K = sum w p p^T
 * </pre>
 *
 * <table>
 *   <caption>Notation</caption>
 *   <tr><td>E, E*</td><td>rows to move and where to, {@link #map}</td></tr>
 *   <tr><td>P, w</td><td>rows to keep and their weights, {@link #keep}; the paper's w is lambda1. A set that {@link
 *       #keepRelative} takes weighs w tr(sum e e^T) / tr(sum p p^T) in all of its rows p</td></tr>
 *   <tr><td>D</td><td>sum (e* - e) e^T</td></tr>
 *   <tr><td>G</td><td>sum e e^T + K + mu I</td></tr>
 *   <tr><td>T</td><td>I + D G^-1, {@link #solve}</td></tr>
 * </table>
 *
 * <p>What is kept and the ridge have no part in D, so that T is the identity to the last bit when
 * nothing is moved. Rows of several concepts share one problem. Memory is a few [d, d] float64
 * matrices, however many rows go in. The creator closes it.
 */
public final class ClosedForm implements AutoCloseable {
  /** Above this condition number float64 has no digits left to speak of. */
  static final double WORST_CONDITION = 1e13;

  private final NDManager manager;
  private final Gram mapped;
  private final Gram kept;
  private final Gram keptRelative;
  private final NDArray d;
  private final long width;
  private double condition = 1;

  /**
   * An empty problem.
   *
   * @param width d of the text encoder, 768 for SD v1.4
   */
  public ClosedForm(long width) {
    this.width = width;
    this.manager = NDManager.newBaseManager(Device.cpu());
    this.mapped = new Gram(width);
    this.kept = new Gram(width);
    this.keptRelative = new Gram(width);
    this.d = manager.zeros(new Shape(width, width), DataType.FLOAT64);
  }

  /** The few float64 operations: {@code closed_form.py}. */
  static TorchScript script() {
    return TorchScript.shared("closed_form");
  }

  /**
   * Adds rows that are to be projected as others were (E, E*).
   *
   * @param e [..., d], any float type, on the CPU, borrowed
   * @param eStar e*, the same shape
   */
  public void map(NDArray e, NDArray eStar) {
    map(e, eStar, 1);
  }

  /**
   * The same with a weight for each row; at 0 nothing is moved.
   *
   * @param weight 0 or more
   */
  public void map(NDArray e, NDArray eStar, double weight) {
    if (!e.getShape().equals(eStar.getShape())) {
      throw new IllegalArgumentException(
          "sources " + e.getShape() + " and targets " + eStar.getShape() + " do not pair");
    }
    if (weight == 0) {
      return;
    }
    NDArray x = Gram.rowsOf(e, width);
    NDArray y = Gram.rowsOf(eStar, width);
    mapped.add(x, weight);
    script().run("add_difference", d, y, x, weight);
    Gram.release(x, e);
    Gram.release(y, eStar);
  }

  /**
   * Adds rows that are to stay where they are (the paper's P).
   *
   * @param p [..., d], any float type, on the CPU, borrowed
   * @param weight of each row; the paper's is lambda1
   */
  public void keep(NDArray p, double weight) {
    kept.add(p, weight);
  }

  /** Adds a whole set that is to stay where it is, each row with this weight. */
  public void keep(Gram set, double weight) {
    if (weight > 0) {
      kept.add(set, weight);
    }
  }

  /**
   * Adds a whole set that is to stay where it is, weighed against all rows that are mapped: at 1
   * both have the same trace, however many rows, concepts and templates either has. An empty set
   * changes nothing.
   */
  public void keepRelative(Gram set, double weight) {
    double trace = set.trace();
    if (trace > 0 || Double.isNaN(trace)) {
      keptRelative.add(set, weight / trace);
    }
  }

  /** sum e e^T. */
  Gram mapped() {
    return mapped;
  }

  /** sum w p p^T, but for what is kept relatively. */
  Gram kept() {
    return kept;
  }

  /** D. */
  NDArray difference() {
    return d;
  }

  /** Rows added by {@link #map} so far. */
  public long mappedRows() {
    return mapped.rows();
  }

  /** Rows added by {@link #keep} and {@link #keepRelative} so far. */
  public long keptRows() {
    return kept.rows() + keptRelative.rows();
  }

  /** Condition number of G as {@link #solve} inverted it last; 1 before. */
  public double condition() {
    return condition;
  }

  /**
   * Solves for T.
   *
   * @param mu the ridge, relative to the mean diagonal of the Gram matrix of the rows mapped
   * @return T [d, d] float64, for column vectors: W = W_org T; owned by {@code scope}. Exactly the
   *     identity if nothing was mapped
   * @throws RealeraException (usage) if mu and the samples leave the problem singular to working
   *     precision; (damaged) if a row was not finite
   */
  public NDArray solve(double mu, NDManager scope) {
    return solve(
        mu * mapped.trace() / width,
        new Remedy("mu = " + mu, "Raise closed_form.mu; 0.01 is small."),
        scope);
  }

  /**
   * The same with a ridge of its own size, as UCE has it.
   *
   * @param lambda added to the diagonal
   */
  public NDArray solveWithRidge(double lambda, NDManager scope) {
    return solve(lambda, new Remedy("lamb = " + lambda, "Raise lamb."), scope);
  }

  /**
   * What an error says of the ridge.
   *
   * @param ridge as the user knows it: {@code mu = 0.0}
   * @param remedy what to do about it, sentences
   */
  public record Remedy(String ridge, String remedy) {}

  /**
   * Solves for T with a ridge of its own size.
   *
   * @param ridge mu in the formulas above
   * @param remedy what to say where the problem is singular
   * @return as {@link #solve(double, NDManager)}
   */
  public NDArray solve(double ridge, Remedy remedy, NDManager scope) {
    if (mapped.rows() == 0) {
      return script().tensor(scope, "identity", width);
    }
    try (Gram g = new Gram(width);
        NDManager inner = NDManager.newBaseManager(Device.cpu())) {
      g.add(mapped, 1);
      g.add(kept, 1);
      g.add(keptRelative, mapped.trace());
      Solution solution = solve(g, ridge, d, remedy, inner);
      condition = solution.condition();
      NDArray t = solution.values();
      script().run("add_matrix", t, script().tensor(inner, "identity", width), 1.0);
      t.attach(scope);
      return t;
    }
  }

  /**
   * What came of a solve.
   *
   * @param values X (G + ridge I)^-1, float64
   * @param condition number of the matrix inverted
   */
  record Solution(NDArray values, double condition) {}

  /** X (G + ridge I)^-1 for right sides X [n, d] float64; the ridge is added to {@code g}. */
  static Solution solve(Gram g, double ridge, NDArray x, Remedy remedy, NDManager scope) {
    if (!Double.isFinite(g.trace())) {
      throw notFinite();
    }
    script().run("add_matrix", g.matrix(), script().tensor(scope, "identity", g.width()), ridge);
    var solution = script().tensors(scope, "solve_right", g.matrix(), x);
    double[] state = solution.get(1).toDoubleArray();
    check(state[0], state[1], remedy);
    NDArray values = solution.get(0);
    if (!Double.isFinite(values.sum().getDouble())) {
      throw notFinite();
    }
    return new Solution(values, state[1]);
  }

  private static void check(double failedMinor, double condition, Remedy remedy) {
    if (failedMinor == 0 && condition <= WORST_CONDITION) {
      return;
    }
    if (failedMinor == 0 && Double.isNaN(condition)) {
      throw notFinite();
    }
    String why =
        failedMinor > 0
            ? String.format(Locale.ROOT, "not positive definite (minor %.0f)", failedMinor)
            : String.format(
                Locale.ROOT, "singular to working precision (condition %.0e)", condition);
    throw RealeraException.usage(
        "the closed form's matrix is " + why + " with " + remedy.ridge(), remedy.remedy());
  }

  private static RealeraException notFinite() {
    return new RealeraException(
        Kind.DAMAGED,
        "the closed form was given rows with numbers that are not finite",
        "Check the checkpoint's text encoder, or use --dtype fp32.");
  }

  /**
   * W = W_org T, summed in float64 and rounded once.
   *
   * @param t T [d, d] float64, from {@link #solve}
   * @param w W_org [C, d], any float type, on the CPU, borrowed
   * @param scope owns the result
   * @return W [C, d] float32; if T is the identity, the values of {@code w} to the last bit
   */
  public static NDArray project(NDArray t, NDArray w, NDManager scope) {
    Shape shape = w.getShape();
    if (shape.dimension() != 2 || shape.get(1) != t.getShape().get(0)) {
      throw new IllegalArgumentException("T is " + t.getShape() + ", but W is " + shape);
    }
    if (isIdentity(t)) {
      // A product would turn -0 into +0.
      NDArray same = w.toType(DataType.FLOAT32, true);
      same.attach(scope);
      return same;
    }
    return script().tensor(scope, "apply", t, w);
  }

  private static boolean isIdentity(NDArray t) {
    try (NDManager inner = NDManager.newBaseManager(t.getDevice())) {
      NDArray identity = script().tensor(inner, "identity", t.getShape().get(0));
      return t.contentEquals(identity);
    }
  }

  @Override
  public void close() {
    mapped.close();
    kept.close();
    keptRelative.close();
    manager.close();
  }
}
