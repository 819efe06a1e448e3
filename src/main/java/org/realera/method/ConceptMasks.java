package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.config.MaceSettings;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.NoisePredictor;
import org.realera.diffusion.UNet;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;

/**
 * Where a concept is in its images, by the original model's own attention to the concept's tokens.
 * MACE's authors have another network for it; Receler finds it so.
 */
final class ConceptMasks {
  private final Model model;
  private final MaceSettings.Masks settings;
  private final long seed;
  private final DdimScheduler scheduler;

  ConceptMasks(Model model, MaceSettings.Masks settings, long seed) {
    this.model = model;
    this.settings = settings;
    this.seed = seed;
    this.scheduler = DdimScheduler.of(model.checkpoint().schedulerConfig());
  }

  /**
   * Masks of every concept's images.
   *
   * @param prompts what the images of each were drawn with
   * @param z0 their latents, [n, 4, h, w] fp32 on the CPU
   * @param scope owns the masks; a manager of the CPU
   * @return for each concept [n, 1, h, w] fp32, 1 where it is and 0 elsewhere
   */
  List<NDArray> find(List<NamedPrompt> prompts, List<NDArray> z0, Run run, NDManager scope) {
    long images = z0.stream().mapToLong(z -> z.getShape().get(0)).sum();
    try (StageTask stage = run.stage(Stage.MASKS, images)) {
      List<NDArray> masks = new ArrayList<>();
      long done = 0;
      for (int c = 0; c < z0.size(); c++) {
        long[] shape = z0.get(c).getShape().getShape();
        float[] all = new float[Math.toIntExact(shape[0] * shape[2] * shape[3])];
        for (int i = 0; i < shape[0]; i++) {
          float[] mask = mask(prompts.get(c), z0.get(c), c, i);
          System.arraycopy(mask, 0, all, i * mask.length, mask.length);
          stage.step(++done);
        }
        masks.add(scope.create(all, new Shape(shape[0], 1, shape[2], shape[3])));
      }
      tell(
          masks, Map.of("timestep", settings.timestep(), "threshold", settings.threshold()), stage);
      return masks;
    }
  }

  /** Ends the stage, and tells how much of the images is taken for the concept. */
  static void tell(List<NDArray> masks, Map<String, ?> how, StageTask stage) {
    List<Double> shares = masks.stream().map(mask -> (double) mask.mean().getFloat()).toList();
    Map<String, Object> figures = new LinkedHashMap<>(how);
    figures.put("shares", shares);
    stage.result(figures);
    double mean = shares.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    stage.end(String.format(Locale.ROOT, "the concept takes %.0f %% of its pictures", 100 * mean));
  }

  /** Attention to the concept's tokens, scaled to 0 to 1: what reaches the threshold. */
  private float[] mask(NamedPrompt prompt, NDArray z0, int concept, int image) {
    double[] heat = heat(prompt, z0, concept, image);
    double low = Arrays.stream(heat).min().orElseThrow();
    double high = Arrays.stream(heat).max().orElseThrow();
    float[] mask = new float[heat.length];
    for (int i = 0; i < mask.length; i++) {
      boolean flat = high == low;
      mask[i] = flat || (heat[i] - low) / (high - low) >= settings.threshold() ? 1 : 0;
    }
    return mask;
  }

  /** The mean over tokens, heads and layers, [h x w]; smaller maps are enlarged. */
  private double[] heat(NamedPrompt prompt, NDArray z0, int concept, int image) {
    try (NDManager cpu = NDManager.newBaseManager(Device.cpu());
        NDManager device = NDManager.newBaseManager(model.compute().device())) {
      Noise noise = new Noise(Noise.derive(seed, "mask " + concept, image));
      NDArray clean = z0.get(image);
      clean.attach(cpu);
      int t = settings.timestep();
      NDArray zt = scheduler.addNoise(cpu, clean, noise.normal(cpu, clean.getShape()), t);
      UNet.Input input =
          NoisePredictor.input(List.of(new NoisePredictor.Point(zt, t, prompt.encoded())), device);
      Map<String, NDArray> maps =
          model
              .unet()
              .crossAttention(device, input.latents(), input.timesteps(), input.text(), Edits.NONE)
              .maps();
      int height = (int) zt.getShape().get(1);
      int width = (int) zt.getShape().get(2);
      double[] heat = new double[height * width];
      for (NDArray map : maps.values()) {
        Layer layer = Layer.of(map, prompt.words());
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            heat[y * width + x] +=
                layer.at(y * layer.height / height, x * layer.width / width) / maps.size();
          }
        }
      }
      return heat;
    }
  }

  /** A layer's mean map. */
  private static final class Layer {
    private final int height;
    private final int width;
    private final double[] values;

    private Layer(int height, int width) {
      this.height = height;
      this.width = width;
      this.values = new double[height * width];
    }

    /**
     * The mean over heads and tokens.
     *
     * @param map [1, heads, H, W, 77]
     */
    static Layer of(NDArray map, List<Integer> tokens) {
      long[] shape = map.getShape().getShape();
      Layer layer = new Layer((int) shape[2], (int) shape[3]);
      float[] all = map.toFloatArray();
      int text = (int) shape[4];
      for (int head = 0; head < shape[1]; head++) {
        for (int i = 0; i < layer.values.length; i++) {
          int row = (head * layer.values.length + i) * text;
          for (int token : tokens) {
            layer.values[i] += all[row + token] / (shape[1] * tokens.size());
          }
        }
      }
      return layer;
    }

    double at(int y, int x) {
      return values[y * width + x];
    }
  }
}
