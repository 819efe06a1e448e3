package org.realera.scorer.face;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.safetensors.Weights;
import org.realera.scorer.pixels.Pixels;
import org.realera.tensor.Compute;
import org.realera.tensor.Finite;
import org.realera.tensor.Networks;
import org.realera.tensor.Precision;
import org.realera.tensor.TorchScript;

/**
 * The classifier of GIPHY's celebrity detector: torchvision's ResNet-50 with a head of two layers,
 * on a face of 224 x 224, its pixels 0 to 1 and not normalised further.
 */
final class CelebrityNetwork implements AutoCloseable {
  /** Edge of the face that the network takes. */
  static final int SIZE = 224;

  private static final int[] BLOCKS = {3, 4, 6, 3};
  private static final long FEATURES = 2048;
  private static final String EMBEDDING = "resnet.fc1.weight";
  private static final String HEAD = "resnet.fc2.weight";

  private final TorchScript network;
  private final int classes;

  private CelebrityNetwork(TorchScript network, int classes) {
    this.network = network;
    this.classes = classes;
  }

  /**
   * Loads the classifier.
   *
   * @param weights tensors {@code resnet.*} among others; borrowed: must stay open until this is
   *     closed
   * @throws RealeraException (damaged) if one is missing or of another shape
   */
  static CelebrityNetwork load(Weights weights, Compute compute) {
    ScorerWeights part = new ScorerWeights(weights, "resnet.");
    // At least one of each, or a tensor without numbers would be as long as it likes.
    long embedding = Math.max(1, part.rows(EMBEDDING));
    long classes = Math.max(1, part.rows(HEAD));
    part.require("celebrity classifier", shapes(embedding, classes));
    Compute exact = new Compute(compute.device(), Precision.FP32);
    return new CelebrityNetwork(Networks.load("celebrity", part, exact), Math.toIntExact(classes));
  }

  /** Every tensor of a ResNet-50 with that head. */
  private static Map<String, List<Long>> shapes(long embedding, long classes) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    convolution(shapes, "conv1", "bn1", 64, 3, 7);
    long in = 64;
    for (int layer = 0; layer < BLOCKS.length; layer++) {
      long width = 64L << layer;
      for (int block = 0; block < BLOCKS[layer]; block++) {
        String p = "layer" + (layer + 1) + "." + block + ".";
        convolution(shapes, p + "conv1", p + "bn1", width, in, 1);
        convolution(shapes, p + "conv2", p + "bn2", width, width, 3);
        convolution(shapes, p + "conv3", p + "bn3", 4 * width, width, 1);
        if (block == 0) {
          convolution(shapes, p + "downsample.0", p + "downsample.1", 4 * width, in, 1);
        }
        in = 4 * width;
      }
    }
    shapes.put(EMBEDDING, List.of(embedding, FEATURES));
    shapes.put("resnet.fc1.bias", List.of(embedding));
    shapes.put(HEAD, List.of(classes, embedding));
    shapes.put("resnet.fc2.bias", List.of(classes));
    return shapes;
  }

  private static void convolution(
      Map<String, List<Long>> shapes,
      String convolution,
      String norm,
      long out,
      long in,
      long kernel) {
    shapes.put("resnet." + convolution + ".weight", List.of(out, in, kernel, kernel));
    for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
      shapes.put("resnet." + norm + "." + part, List.of(out));
    }
  }

  /** How many celebrities it knows. */
  int classes() {
    return classes;
  }

  /**
   * The probability of each celebrity: [faces][classes].
   *
   * @throws RealeraException (damaged) if one is not finite
   */
  float[][] probabilities(List<Image> faces) {
    float[][] result = new float[faces.size()][];
    for (int i = 0; i < result.length; i++) {
      result[i] = probabilities(input(faces.get(i)));
    }
    return result;
  }

  /**
   * The probability of each celebrity.
   *
   * @param face [3, 224, 224], 0 to 1
   */
  float[] probabilities(float[] face) {
    return run("probabilities", face);
  }

  /** The 2,048 features below the head. */
  float[] features(float[] face) {
    return run("features", face);
  }

  private float[] run(String method, float[] face) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray input = scope.create(face, new Shape(1, 3, SIZE, SIZE));
      float[] numbers = network.tensor(scope, method, input).toFloatArray();
      if (!Finite.all(numbers)) {
        throw ScorerWeights.broken("the celebrity classifier");
      }
      return numbers;
    }
  }

  private static float[] input(Image face) {
    float[] planes = Pixels.planes(face);
    for (int i = 0; i < planes.length; i++) {
      planes[i] /= 255f;
    }
    return planes;
  }

  @Override
  public void close() {
    network.close();
  }
}
