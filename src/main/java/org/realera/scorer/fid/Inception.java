package org.realera.scorer.fid;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.Image;
import org.realera.scorer.pixels.PilFilter;
import org.realera.scorer.pixels.PilFloatResize;
import org.realera.scorer.pixels.Pixels;
import org.realera.tensor.Compute;
import org.realera.tensor.TorchScript;

/**
 * The Inception network of FID, a TorchScript file of the user's: {@code inception-2015-12-05.pt}
 * as NVIDIA publishes it and clean-fid and torch-utils download it. Its {@code forward(picture,
 * return_features)} takes pixels 0 to 255, resizes them to 299 x 299 if they are not, and returns
 * 2,048 features. No other file is run, see {@link KnownInception}.
 */
public final class Inception implements AutoCloseable {
  private static final int SIZE = 299;

  /** Who resizes the images. */
  public enum Resizing {
    /** We do, to 299 x 299, as Pillow's antialiased bicubic does: clean-fid's mode "clean". */
    CLEAN("clean"),
    /** The network does, bilinear without antialiasing: the FID of the TensorFlow original. */
    INSIDE("legacy_tensorflow");

    private final String mode;

    Resizing(String mode) {
      this.mode = mode;
    }

    /** As the command line and files have it: {@code clean} or {@code inside}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The mode of clean-fid that resizes so. */
    public String cleanFidMode() {
      return mode;
    }
  }

  private final TorchScript network;
  private final Compute compute;
  private final Resizing resizing;
  private final Path file;

  private Inception(TorchScript network, Compute compute, Resizing resizing, Path file) {
    this.network = network;
    this.compute = compute;
    this.resizing = resizing;
    this.file = file;
  }

  /**
   * Loads the network.
   *
   * @param compute its device counts; the network runs in its own precision
   * @throws RealeraException (not found) without the file; (damaged) if it is another one: nothing
   *     of it is run
   */
  public static Inception load(Path file, Compute compute, Resizing resizing) {
    byte[] archive = KnownInception.read(file);
    return new Inception(
        TorchScript.known(file.toString(), archive, compute.device()), compute, resizing, file);
  }

  /**
   * Checks that a file is the network, so that hours of other work are not done in vain.
   *
   * @throws RealeraException as {@link #load}
   */
  public static void require(Path file) {
    KnownInception.read(file);
  }

  /**
   * Computes features.
   *
   * @param images one or more, of one size unless resized by us
   * @return [n, d] float32, owned by {@code scope}
   * @throws RealeraException (damaged) if the network takes no images or gives no features
   */
  public NDArray features(NDManager scope, List<Image> images) {
    try (NDManager batch = scope.newSubManager(compute.device())) {
      NDArray features;
      try {
        features = network.tensor(batch, "forward", input(batch, images), true);
      } catch (IllegalStateException e) {
        throw new RealeraException(
            Kind.DAMAGED,
            file + " is not FID's Inception network: " + e.getMessage(),
            "Give inception-2015-12-05.pt, whose forward takes pictures and return_features",
            e);
      }
      long[] shape = features.getShape().getShape();
      if (shape.length < 2 || shape[0] != images.size()) {
        throw RealeraException.damaged(
            file
                + " is not FID's Inception network: for "
                + images.size()
                + " pictures it gives "
                + Arrays.toString(shape)
                + ", expected a row of features for each",
            "Give inception-2015-12-05.pt");
      }
      NDArray rows = features.reshape(shape[0], -1).toType(DataType.FLOAT32, false);
      rows.attach(scope);
      return rows;
    }
  }

  /** The images as pixels 0 to 255, [n, 3, height, width] float32. */
  private NDArray input(NDManager batch, List<Image> images) {
    List<float[]> planes = new ArrayList<>();
    for (Image image : images) {
      planes.add(resizing == Resizing.CLEAN ? clean(image) : Pixels.planes(image));
    }
    boolean clean = resizing == Resizing.CLEAN;
    int height = clean ? SIZE : images.get(0).height();
    int width = clean ? SIZE : images.get(0).width();
    int each = 3 * height * width;
    float[] all = new float[images.size() * each];
    for (int i = 0; i < planes.size(); i++) {
      if (planes.get(i).length != each) {
        throw new IllegalArgumentException("pictures of several sizes in one batch");
      }
      System.arraycopy(planes.get(i), 0, all, i * each, each);
    }
    return batch.create(all, new Shape(images.size(), 3, height, width));
  }

  /** The image as clean-fid feeds it: [3, 299, 299] float32, 0 to 255, not rounded. */
  static float[] clean(Image image) {
    float[] from = Pixels.planes(image);
    int pixels = image.width() * image.height();
    float[] out = new float[3 * SIZE * SIZE];
    for (int c = 0; c < 3; c++) {
      float[] plane =
          PilFloatResize.resize(
              Arrays.copyOfRange(from, c * pixels, (c + 1) * pixels),
              image.width(),
              image.height(),
              SIZE,
              SIZE,
              PilFilter.BICUBIC);
      for (int i = 0; i < plane.length; i++) {
        out[c * SIZE * SIZE + i] = Math.max(0, Math.min(255, plane[i]));
      }
    }
    return out;
  }

  @Override
  public void close() {
    network.close();
  }
}
