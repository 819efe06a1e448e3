package org.realera.scorer.face;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
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
   * @throws RealeraException (damaged) if one is missing
   */
  static CelebrityNetwork load(Weights weights, Compute compute) {
    ScorerWeights part = new ScorerWeights(weights, "resnet.");
    part.require("celebrity classifier", names());
    int classes = Math.toIntExact(part.info(HEAD).shape().get(0));
    Compute exact = new Compute(compute.device(), Precision.FP32);
    return new CelebrityNetwork(Networks.load("celebrity", part, exact), classes);
  }

  /** Every tensor of a ResNet-50 with that head. */
  private static List<String> names() {
    List<String> names = new ArrayList<>();
    convolution(names, "conv1", "bn1");
    for (int layer = 0; layer < BLOCKS.length; layer++) {
      for (int block = 0; block < BLOCKS[layer]; block++) {
        String p = "layer" + (layer + 1) + "." + block + ".";
        for (int i = 1; i <= 3; i++) {
          convolution(names, p + "conv" + i, p + "bn" + i);
        }
        if (block == 0) {
          convolution(names, p + "downsample.0", p + "downsample.1");
        }
      }
    }
    names.addAll(List.of("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"));
    return names.stream().map(name -> "resnet." + name).toList();
  }

  private static void convolution(List<String> names, String convolution, String norm) {
    names.add(convolution + ".weight");
    for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
      names.add(norm + "." + part);
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
