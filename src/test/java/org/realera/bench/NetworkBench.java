package org.realera.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.CrossAttention;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.UNet;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

/**
 * Times networks one by one; run by {@code scripts/bench/networks.sh}.
 *
 * <pre>forward|gradients|checkpointed FOLDER DTYPE SIZE REPEATS [DEVICE]     (SIZE of the image)
 * images FOLDER DTYPE COUNT STEPS [DEVICE [REPEATS]]</pre>
 *
 * <p>DEVICE is auto, cpu, cuda or cuda:N. What is timed ends when its numbers are on the CPU, so
 * that a GPU is done with it. {@code checkpointed} is {@code gradients} with gradient
 * checkpointing.
 */
public final class NetworkBench {
  private static final int RANK = 4;

  private NetworkBench() {}

  public static void main(String[] args) {
    long start = System.nanoTime();
    Checkpoint model = Checkpoint.open(Path.of(args[1]));
    ComputeChoice choice = ComputeChoice.of(argument(args, 5, "auto"), args[2]);
    Compute compute = Engine.compute(choice.gradientCheckpointing(args[0].equals("checkpointed")));
    report("engine start, " + Engine.describe(), start);
    switch (args[0]) {
      case "images" ->
          images(
              model,
              compute,
              Integer.parseInt(args[3]),
              Integer.parseInt(args[4]),
              Integer.parseInt(argument(args, 6, "3")));
      default ->
          unet(args[0], model, compute, Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    }
  }

  private static String argument(String[] args, int index, String otherwise) {
    return args.length > index ? args[index] : otherwise;
  }

  private static void unet(String what, Checkpoint model, Compute compute, int size, int repeats) {
    long start = System.nanoTime();
    try (Weights weights = model.openUnet();
        UNet unet = UNet.load(weights, model.unetConfig(), compute);
        NDManager scope = NDManager.newBaseManager(compute.device())) {
      report("U-Net loaded", start);
      int side = size / model.vaeConfig().scale();
      NDArray latents = new Noise(1).normal(scope, new Shape(1, 4, side, side));
      NDArray text =
          new Noise(2).normal(scope, new Shape(1, 77, model.unetConfig().crossAttentionDim()));
      NDArray when = scope.create(new long[] {500});
      Edits edits = new Edits(lora(weights, scope), 1);
      for (int i = 0; i < repeats; i++) {
        try (NDManager call = NDManager.newBaseManager(compute.device())) {
          start = System.nanoTime();
          if (what.equals("forward")) {
            unet.predict(call, latents, when, text, Edits.NONE).toFloatArray();
          } else {
            UNet.Input input = new UNet.Input(latents, when, text);
            UNet.LossGradients found =
                unet.noiseGradients(
                    call, input, latents, new double[] {1}, edits, edits.tensors().keySet(), false);
            found.gradients().values().forEach(NDArray::toFloatArray);
          }
          report(what + " " + size + " x " + size, start);
        }
      }
    }
  }

  private static Map<String, NDArray> lora(Weights weights, NDManager scope) {
    Map<String, NDArray> lora = new TreeMap<>();
    for (String name : CrossAttention.projections(weights)) {
      List<Long> shape = weights.tensors().get(name + Edits.WEIGHT).shape();
      lora.put(name + Edits.LORA_A, new Noise(3).normal(scope, new Shape(RANK, shape.get(1))));
      lora.put(name + Edits.LORA_B, scope.zeros(new Shape(shape.get(0), RANK)));
    }
    return lora;
  }

  private static void images(Checkpoint model, Compute compute, int count, int steps, int repeats) {
    long start = System.nanoTime();
    try (Pipeline pipeline = Pipeline.load(model, compute, note -> {})) {
      report("model loaded", start);
      int size = Pipeline.nativeSize(model);
      List<ImageRequest> requests =
          IntStream.range(0, count)
              .mapToObj(i -> new ImageRequest("a photo of a cat", "", i, steps, 3, size, size))
              .toList();
      for (int i = 0; i < repeats; i++) {
        start = System.nanoTime();
        pipeline.sampler().sample(requests, Edits.NONE, done -> {});
        report(count + " images of " + size + " x " + size + ", " + steps + " steps", start);
      }
    }
  }

  private static void report(String what, long start) {
    System.out.printf(Locale.ROOT, "%-50s %8.3f s%n", what, (System.nanoTime() - start) / 1e9);
  }
}
