package org.realera.scorer.face;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.safetensors.Weights;
import org.realera.scorer.face.FaceBoxes.Candidate;
import org.realera.scorer.face.FaceBoxes.Measure;
import org.realera.scorer.pixels.Box;
import org.realera.scorer.pixels.Pixels;
import org.realera.tensor.Batches;
import org.realera.tensor.Compute;
import org.realera.tensor.Finite;
import org.realera.tensor.Networks;
import org.realera.tensor.Precision;
import org.realera.tensor.TorchScript;

/**
 * The face detector MTCNN (Zhang et al. 2016) with the cascade, the sampling and the settings of
 * facenet-pytorch 2.6, which are those of GIPHY's detector: faces of 20 pixels and more, thresholds
 * 0.6, 0.7 and 0.7.
 *
 * <p>GIPHY's own code shrinks with OpenCV's area filter on 8-bit pixels and pads what reaches over
 * an edge with black; facenet-pytorch averages in float and clips. Boxes differ by about a pixel.
 */
final class Mtcnn implements AutoCloseable {
  private static final int WINDOW = 12;
  private static final int STRIDE = 2;
  private static final double SMALLEST_FACE = 20;
  private static final double PYRAMID = 0.709;
  private static final float PROPOSED = 0.6f;
  private static final float REFINED = 0.7f;
  private static final float DECIDED = 0.7f;

  /** Boxes of one call of the second or third network, so that a large image needs no more. */
  private static final int BATCH = 512;

  private final TorchScript network;
  private final int atOnce;

  private Mtcnn(TorchScript network, int atOnce) {
    this.network = network;
    this.atOnce = atOnce;
  }

  /**
   * Loads the three networks.
   *
   * @param weights tensors {@code pnet.*}, {@code rnet.*} and {@code onet.*} among others;
   *     borrowed: must stay open until this is closed
   * @throws RealeraException (damaged) if one is missing or of another shape
   */
  public static Mtcnn load(Weights weights, Compute compute) {
    return load(weights, compute, BATCH);
  }

  /** The same with so many boxes in one call of the second or third network. */
  static Mtcnn load(Weights weights, Compute compute, int atOnce) {
    ScorerWeights part = new ScorerWeights(weights, "pnet.", "rnet.", "onet.");
    part.require("MTCNN", shapes());
    Compute exact = new Compute(compute.device(), Precision.FP32);
    return new Mtcnn(Networks.load("mtcnn", part, exact), atOnce);
  }

  /** Every tensor of the three that is read. */
  private static Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    layer(shapes, "pnet.conv1", 10, 3, 3, 3);
    layer(shapes, "pnet.conv2", 16, 10, 3, 3);
    layer(shapes, "pnet.conv3", 32, 16, 3, 3);
    layer(shapes, "pnet.conv4_1", 2, 32, 1, 1);
    layer(shapes, "pnet.conv4_2", 4, 32, 1, 1);
    layer(shapes, "rnet.conv1", 28, 3, 3, 3);
    layer(shapes, "rnet.conv2", 48, 28, 3, 3);
    layer(shapes, "rnet.conv3", 64, 48, 2, 2);
    layer(shapes, "rnet.dense4", 128, 576);
    layer(shapes, "rnet.dense5_1", 2, 128);
    layer(shapes, "rnet.dense5_2", 4, 128);
    layer(shapes, "onet.conv1", 32, 3, 3, 3);
    layer(shapes, "onet.conv2", 64, 32, 3, 3);
    layer(shapes, "onet.conv3", 64, 64, 3, 3);
    layer(shapes, "onet.conv4", 128, 64, 2, 2);
    layer(shapes, "onet.dense5", 256, 1152);
    layer(shapes, "onet.dense6_1", 2, 256);
    layer(shapes, "onet.dense6_2", 4, 256);
    prelus(shapes, "pnet.", 10, 16, 32);
    prelus(shapes, "rnet.", 28, 48, 64, 128);
    prelus(shapes, "onet.", 32, 64, 64, 128, 256);
    return shapes;
  }

  private static void layer(Map<String, List<Long>> shapes, String name, long... weight) {
    shapes.put(name + ".weight", Arrays.stream(weight).boxed().toList());
    shapes.put(name + ".bias", List.of(weight[0]));
  }

  private static void prelus(Map<String, List<Long>> shapes, String network, long... widths) {
    for (int i = 0; i < widths.length; i++) {
      shapes.put(network + "prelu" + (i + 1) + ".weight", List.of(widths[i]));
    }
  }

  /**
   * Finds faces; the most probable first.
   *
   * @throws RealeraException (damaged) if a network's numbers are not finite
   */
  public List<Face> detect(Image image) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray pixels =
          scope.create(Pixels.planes(image), new Shape(3, image.height(), image.width()));
      List<Candidate> candidates = new ArrayList<>();
      for (Candidate candidate : propose(scope, pixels, image)) {
        candidates.add(candidate.squared());
      }
      candidates = refined(scope, pixels, image, candidates);
      return decided(scope, pixels, image, candidates).stream()
          .map(
              c ->
                  new Face(
                      new Box(c.left(), c.top(), c.right() - c.left(), c.bottom() - c.top()),
                      c.score()))
          .toList();
    }
  }

  /** The first network over the pyramid. */
  private List<Candidate> propose(NDManager scope, NDArray pixels, Image image) {
    List<Candidate> candidates = new ArrayList<>();
    List<float[]> moves = new ArrayList<>();
    double scale = WINDOW / SMALLEST_FACE;
    double shorter = Math.min(image.width(), image.height()) * scale;
    for (; shorter >= WINDOW; shorter *= PYRAMID, scale *= PYRAMID) {
      List<Candidate> found = new ArrayList<>();
      List<float[]> by = new ArrayList<>();
      windows(scope, pixels, image, scale, found, by);
      List<Integer> kept = FaceBoxes.strongest(found, 0.5, Measure.UNION);
      candidates.addAll(FaceBoxes.pick(found, kept));
      moves.addAll(FaceBoxes.pick(by, kept));
    }
    List<Candidate> moved = new ArrayList<>();
    for (int i : FaceBoxes.strongest(candidates, 0.7, Measure.UNION)) {
      moved.add(candidates.get(i).moved(moves.get(i), 0));
    }
    return moved;
  }

  /** The windows of one scale that may be faces, and how they are to be moved. */
  private void windows(
      NDManager scope,
      NDArray pixels,
      Image image,
      double scale,
      List<Candidate> found,
      List<float[]> by) {
    int height = (int) (image.height() * scale + 1);
    int width = (int) (image.width() * scale + 1);
    List<NDArray> outputs = network.tensors(scope, "propose", pixels, height, width);
    float[] move = finite(outputs.get(0));
    float[] face = finite(outputs.get(1));
    int columns = (int) outputs.get(1).getShape().get(1);
    float divisor = (float) scale;
    for (int i = 0; i < face.length; i++) {
      if (face[i] >= PROPOSED) {
        float x = STRIDE * (i % columns);
        float y = STRIDE * (i / columns);
        found.add(
            new Candidate(
                (float) Math.floor((x + 1) / divisor),
                (float) Math.floor((y + 1) / divisor),
                (float) Math.floor((x + WINDOW) / divisor),
                (float) Math.floor((y + WINDOW) / divisor),
                face[i]));
        by.add(row(move, i, face.length));
      }
    }
  }

  private List<Candidate> refined(
      NDManager scope, NDArray pixels, Image image, List<Candidate> candidates) {
    List<float[]> moves = new ArrayList<>();
    List<Candidate> passed = pass(scope, pixels, image, "refine", candidates, REFINED, moves);
    List<Candidate> result = new ArrayList<>();
    for (int i : FaceBoxes.strongest(passed, 0.7, Measure.UNION)) {
      result.add(passed.get(i).moved(moves.get(i), 1).squared());
    }
    return result;
  }

  private List<Candidate> decided(
      NDManager scope, NDArray pixels, Image image, List<Candidate> candidates) {
    List<float[]> moves = new ArrayList<>();
    List<Candidate> passed = pass(scope, pixels, image, "decide", candidates, DECIDED, moves);
    List<Candidate> moved = new ArrayList<>();
    for (int i = 0; i < passed.size(); i++) {
      moved.add(passed.get(i).moved(moves.get(i), 1));
    }
    return FaceBoxes.pick(moved, FaceBoxes.strongest(moved, 0.7, Measure.SMALLER));
  }

  /** What the second or third network lets pass, rescored, and how it is to be moved. */
  private List<Candidate> pass(
      NDManager scope,
      NDArray pixels,
      Image image,
      String method,
      List<Candidate> candidates,
      float threshold,
      List<float[]> moves) {
    List<Candidate> inside =
        candidates.stream().filter(c -> !isEmpty(c.edges(image.width(), image.height()))).toList();
    List<Candidate> passed = new ArrayList<>();
    for (List<Candidate> batch : Batches.parts(inside, atOnce)) {
      long[] edges = new long[4 * batch.size()];
      for (int i = 0; i < batch.size(); i++) {
        System.arraycopy(batch.get(i).edges(image.width(), image.height()), 0, edges, 4 * i, 4);
      }
      List<NDArray> outputs = network.tensors(scope, method, pixels, edges);
      float[] move = finite(outputs.get(0));
      float[] face = finite(outputs.get(1));
      for (int i = 0; i < face.length; i++) {
        if (face[i] > threshold) {
          passed.add(batch.get(i).scored(face[i]));
          moves.add(row(move, 4 * i, 1));
        }
      }
    }
    return passed;
  }

  /** NaN is above no threshold: no image would have a face. */
  private static float[] finite(NDArray output) {
    float[] numbers = output.toFloatArray();
    if (!Finite.all(numbers)) {
      throw ScorerWeights.broken("the face detector MTCNN");
    }
    return numbers;
  }

  private static boolean isEmpty(long[] edges) {
    return edges[1] <= edges[0] || edges[3] <= edges[2];
  }

  /** Four numbers from {@code start}, {@code step} apart. */
  private static float[] row(float[] values, int start, int step) {
    return new float[] {
      values[start], values[start + step], values[start + 2 * step], values[start + 3 * step]
    };
  }

  @Override
  public void close() {
    network.close();
  }
}
