package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.realera.diffusion.UNet;
import org.realera.tensor.Batches;
import org.realera.tensor.Edits;
import org.realera.training.Gradients;

/**
 * The loss of predicted noise over any number of terms, as many at a time as memory holds: sum_i
 * w_i mean((eps(z_t, t, E(p)) - target)^2).
 */
final class DenoisingLoss {
  /**
   * What the U-Net is asked. Arrays are fp32 on the CPU, borrowed.
   *
   * @param latents z_t, [4, h, w]
   * @param timestep t
   * @param text E(p), [77, d]
   */
  record Point(NDArray latents, long timestep, NDArray text) {}

  /**
   * What it should answer.
   *
   * @param target [4, h, w] fp32 on the CPU, borrowed
   * @param weight w
   */
  record Term(Point point, NDArray target, double weight) {}

  private final Model model;
  private final boolean startFixed;
  private final Batches fitting = new Batches("noised latents");

  /**
   * @param startFixed no gradient goes through key and value of the text's start token
   */
  DenoisingLoss(Model model, boolean startFixed) {
    this.model = model;
    this.startFixed = startFixed;
  }

  /**
   * Predictions, without gradients.
   *
   * @param edits on the compute device
   * @param scope owns the predictions; a manager of the CPU
   * @return [4, h, w] fp32 on the CPU for each point
   */
  List<NDArray> predict(List<Point> points, Edits edits, NDManager scope) {
    List<NDArray> predictions = new ArrayList<>();
    for (List<Point> part : parts(points, Function.identity())) {
      fitting.run(
          part,
          some -> {
            try (NDManager device = NDManager.newBaseManager(model.compute().device())) {
              UNet.Input input = input(some, device);
              NDArray eps =
                  model
                      .unet()
                      .predict(device, input.latents(), input.timesteps(), input.text(), edits);
              for (int i = 0; i < some.size(); i++) {
                NDArray one = eps.get(i).toDevice(Device.cpu(), true);
                one.attach(scope);
                predictions.add(one);
              }
            }
          });
    }
    return predictions;
  }

  /**
   * Adds the terms' loss and its slope.
   *
   * @param edits on the compute device
   * @param trained names of the edits that are trained
   */
  void add(List<Term> terms, Edits edits, Collection<String> trained, Gradients sum) {
    for (List<Term> part : parts(terms, Term::point)) {
      fitting.run(part, some -> addAtOnce(some, edits, trained, sum));
    }
  }

  private void addAtOnce(List<Term> terms, Edits edits, Collection<String> trained, Gradients sum) {
    try (NDManager device = NDManager.newBaseManager(model.compute().device())) {
      UNet.LossGradients found =
          model
              .unet()
              .noiseGradients(
                  device,
                  input(terms.stream().map(Term::point).toList(), device),
                  stack(terms.stream().map(Term::target).toList(), device),
                  terms.stream().mapToDouble(Term::weight).toArray(),
                  edits,
                  trained,
                  startFixed);
      sum.add(found.loss(), found.gradients());
    }
  }

  private <T> List<List<T>> parts(List<T> items, Function<T, Point> point) {
    List<List<T>> parts = new ArrayList<>();
    if (!items.isEmpty()) {
      long[] shape = point.apply(items.get(0)).latents().getShape().getShape();
      long positions = shape[shape.length - 2] * shape[shape.length - 1];
      int size = Batches.suiting(model.compute().device(), positions);
      for (int i = 0; i < items.size(); i += size) {
        parts.add(items.subList(i, Math.min(items.size(), i + size)));
      }
    }
    return parts;
  }

  private static UNet.Input input(List<Point> points, NDManager device) {
    float[] timesteps = new float[points.size()];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = points.get(i).timestep();
    }
    return new UNet.Input(
        stack(points.stream().map(Point::latents).toList(), device),
        device.create(timesteps),
        stack(points.stream().map(Point::text).toList(), device));
  }

  /** Arrays of the CPU side by side, on the device of {@code scope}. */
  private static NDArray stack(List<NDArray> arrays, NDManager scope) {
    try (NDArray stacked = NDArrays.stack(new NDList(arrays))) {
      NDArray there = stacked.toDevice(scope.getDevice(), true);
      there.attach(scope);
      return there;
    }
  }
}
