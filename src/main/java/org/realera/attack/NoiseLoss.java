package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.realera.RealeraException;
import org.realera.diffusion.NoisePredictor;
import org.realera.diffusion.UNet;
import org.realera.tensor.Edits;
import org.realera.tensor.Finite;

/**
 * The loss that every gradient attack takes, at the rows of its tokens: mean over points of
 * mean((eps_v(z_t, t, E(rows)) - target)^2), eps_v the erased U-Net. One call of the U-Net gives
 * the gradient at E, another of the text encoder pulls it back to the rows.
 */
final class NoiseLoss {
  /**
   * What the U-Net is asked and should answer. Arrays are fp32 on the CPU, borrowed.
   *
   * @param z z_t, [4, h, w]
   * @param t the timestep
   * @param target [4, h, w]
   */
  record Point(NDArray z, long t, NDArray target) {}

  /**
   * A loss and its slope.
   *
   * @param gradient d loss / d rows, [77 d] row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // an optimizer's input, read once
  record Slope(double loss, float[] gradient) {}

  private final AttackName attack;
  private final Victim victim;
  private final NoisePredictor predictor;

  /**
   * @param attack that takes it, for errors
   */
  NoiseLoss(AttackName attack, Victim victim) {
    this.attack = attack;
    this.victim = victim;
    this.predictor = new NoisePredictor(victim::unet, victim.compute());
  }

  /**
   * Loss and gradient.
   *
   * @param rows what stands in place of the tokens' rows, [77 d] row by row
   */
  Slope at(float[] rows, List<Point> points) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray tokens = scope.create(rows, new Shape(1, rows.length / width(), width()));
      NDArray e = victim.text().encodeRows(tokens, scope);
      NDArray each = e.squeeze(0);
      Sum sum = new Sum(scope.zeros(e.getShape()));
      predictor.inParts(
          points, point -> asked(point, each), (some, device) -> add(some, each, device, sum));
      NDArray atE = sum.gradient.div(points.size());
      NDArray gradient = victim.text().pullBack(tokens, atE, scope);
      Slope slope = new Slope(sum.loss / points.size(), gradient.toFloatArray());
      requireNumbers(attack, Double.isFinite(slope.loss()) && Finite.all(slope.gradient()));
      return slope;
    }
  }

  /**
   * An attack that lost its way in NaN would read as an erasure that holds.
   *
   * @throws RealeraException (failed) naming the attack if {@code finite} is false
   */
  static void requireNumbers(AttackName attack, boolean finite) {
    if (!finite) {
      throw new RealeraException(
          RealeraException.Kind.FAILED,
          "the attack " + attack.label() + " came to numbers that are NaN or infinite",
          "Lower its learning rate with --set "
              + attack.group()
              + ".learning_rate=..., or use --dtype fp32.");
    }
  }

  /**
   * What a U-Net predicts at a point, without a gradient.
   *
   * @param e E, [77, d]
   * @param edits {@link Edits#NONE} for the original
   * @return eps, [4, h, w] fp32 on the CPU, owned by {@code scope}
   */
  NDArray predict(NDArray z, long t, NDArray e, Edits edits, NDManager scope) {
    return predictor.predict(List.of(new NoisePredictor.Point(z, t, e)), edits, scope).get(0);
  }

  /** What the parts of a batch add up to. */
  private static final class Sum {
    private final NDArray gradient;
    private double loss;

    Sum(NDArray gradient) {
      this.gradient = gradient;
    }
  }

  private void add(List<Point> points, NDArray e, NDManager device, Sum sum) {
    UNet.Input input =
        NoisePredictor.input(points.stream().map(point -> asked(point, e)).toList(), device);
    NDArray target = NoisePredictor.stack(points.stream().map(Point::target).toList(), device);
    UNet.TextGradients found = victim.unet().textGradients(device, input, target, victim.edits());
    for (double loss : found.losses()) {
      sum.loss += loss;
    }
    NDArray all = found.gradient().sum(new int[] {0}, true).toDevice(Device.cpu(), false);
    sum.gradient.addi(all);
  }

  /** The same E for each. */
  private static NoisePredictor.Point asked(Point point, NDArray e) {
    return new NoisePredictor.Point(point.z(), point.t(), e);
  }

  private int width() {
    return victim.textWidth();
  }
}
