package org.realera.diffusion;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.realera.tensor.Batches;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;

/**
 * Asks a U-Net at any number of points, as many at a time as memory holds. What was found to fit is
 * kept for all that is asked later.
 */
public final class NoisePredictor {
  /**
   * What the U-Net is asked. Arrays are fp32 on the CPU, borrowed.
   *
   * @param z z_t, [4, h, w]
   * @param t the timestep
   * @param e E(p), [77, d]
   */
  public record Point(NDArray z, long t, NDArray e) {}

  private final Supplier<UNet> unet;
  private final Compute compute;
  private final Batches fitting = new Batches("noised latents");

  /**
   * @param unet is asked for when something is predicted: it may load on first use
   * @param compute device of the U-Net
   */
  public NoisePredictor(Supplier<UNet> unet, Compute compute) {
    this.unet = unet;
    this.compute = compute;
  }

  /**
   * Predictions, without gradients.
   *
   * @param edits on the compute device; {@link Edits#NONE} for the network as it is
   * @param scope owns the predictions; a manager of the CPU
   * @return [4, h, w] fp32 on the CPU for each point
   */
  public List<NDArray> predict(List<Point> points, Edits edits, NDManager scope) {
    List<NDArray> predictions = new ArrayList<>();
    inParts(
        points,
        Function.identity(),
        (some, device) -> {
          UNet.Input input = input(some, device);
          NDArray eps =
              unet.get().predict(device, input.latents(), input.timesteps(), input.text(), edits);
          List<NDArray> found = new ArrayList<>(); // memory may run out between two of them
          for (int i = 0; i < some.size(); i++) {
            NDArray one = eps.get(i).toDevice(Device.cpu(), true);
            one.attach(scope);
            found.add(one);
          }
          predictions.addAll(found);
        });
    return predictions;
  }

  /**
   * Works on items in order, as many at a time as the compute device holds.
   *
   * @param point what the U-Net is asked for an item
   * @param work is given some of them and a manager of the compute device, which is closed after
   *     it; called again with fewer when memory runs out, and must leave nothing behind then
   * @throws org.realera.RealeraException (resources) when not even one fits
   */
  public <T> void inParts(
      List<T> items, Function<T, Point> point, BiConsumer<List<T>, NDManager> work) {
    if (items.isEmpty()) {
      return;
    }
    long[] shape = point.apply(items.get(0)).z().getShape().getShape();
    long positions = shape[shape.length - 2] * shape[shape.length - 1];
    int size = Batches.suiting(compute.device(), positions);
    for (int i = 0; i < items.size(); i += size) {
      fitting.run(
          items.subList(i, Math.min(items.size(), i + size)),
          some -> {
            try (NDManager device = NDManager.newBaseManager(compute.device())) {
              work.accept(some, device);
            }
          });
    }
  }

  /** Points as one batch, owned by {@code device} and on its device. */
  public static UNet.Input input(List<Point> points, NDManager device) {
    float[] timesteps = new float[points.size()];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = points.get(i).t();
    }
    return new UNet.Input(
        stack(points.stream().map(Point::z).toList(), device),
        device.create(timesteps),
        stack(points.stream().map(Point::e).toList(), device));
  }

  /** Arrays of the CPU side by side, owned by {@code device} and on its device. */
  public static NDArray stack(List<NDArray> arrays, NDManager device) {
    try (NDArray stacked = NDArrays.stack(new NDList(arrays))) {
      NDArray there = stacked.toDevice(device.getDevice(), true);
      there.attach(device);
      return there;
    }
  }
}
