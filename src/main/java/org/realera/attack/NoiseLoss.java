package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.List;
import org.realera.RealeraException;
import org.realera.diffusion.UNet;
import org.realera.tensor.Batches;
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
  private final Batches fitting = new Batches("noised latents");

  /**
   * @param attack that takes it, for errors
   */
  NoiseLoss(AttackName attack, Victim victim) {
    this.attack = attack;
    this.victim = victim;
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
      Sum sum = new Sum(scope.zeros(e.getShape()));
      Shape z = points.get(0).z().getShape();
      int size = Batches.suiting(victim.compute().device(), z.get(1) * z.get(2));
      for (int i = 0; i < points.size(); i += size) {
        List<Point> part = points.subList(i, Math.min(points.size(), i + size));
        fitting.run(part, some -> add(some, e, sum));
      }
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
    try (NDManager device = NDManager.newBaseManager(victim.compute().device());
        NDArray one = e.expandDims(0)) {
      UNet.Input input = input(List.of(z), List.of(t), one, device);
      NDArray eps =
          victim
              .unet()
              .predict(device, input.latents(), input.timesteps(), input.text(), edits)
              .squeeze(0)
              .toDevice(Device.cpu(), true);
      eps.attach(scope);
      return eps;
    }
  }

  /** What the parts of a batch add up to. */
  private static final class Sum {
    private final NDArray gradient;
    private double loss;

    Sum(NDArray gradient) {
      this.gradient = gradient;
    }
  }

  private void add(List<Point> points, NDArray e, Sum sum) {
    try (NDManager device = NDManager.newBaseManager(victim.compute().device())) {
      List<Long> timesteps = points.stream().map(Point::t).toList();
      UNet.Input input = input(points.stream().map(Point::z).toList(), timesteps, e, device);
      NDArray target = stack(points.stream().map(Point::target).toList(), device);
      UNet.TextGradients found = victim.unet().textGradients(device, input, target, victim.edits());
      for (double loss : found.losses()) {
        sum.loss += loss;
      }
      NDArray each = found.gradient().sum(new int[] {0}, true).toDevice(Device.cpu(), false);
      sum.gradient.addi(each);
    }
  }

  /** The same E for each. */
  private static UNet.Input input(
      List<NDArray> z, List<Long> timesteps, NDArray e, NDManager device) {
    float[] t = new float[timesteps.size()];
    for (int i = 0; i < t.length; i++) {
      t[i] = timesteps.get(i);
    }
    NDArray text = NDArrays.concat(new NDList(Collections.nCopies(t.length, e)));
    return new UNet.Input(stack(z, device), device.create(t), on(text, device));
  }

  /** Arrays of the CPU side by side, on the device of {@code scope}. */
  private static NDArray stack(List<NDArray> arrays, NDManager scope) {
    return on(NDArrays.stack(new NDList(arrays)), scope);
  }

  private static NDArray on(NDArray array, NDManager device) {
    NDArray there = array.toDevice(device.getDevice(), false);
    there.attach(device);
    array.attach(device);
    return there;
  }

  private int width() {
    return victim.textWidth();
  }
}
