package org.realera.scorer.nudenet;

import ai.djl.ndarray.NDManager;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.Image;
import org.realera.scorer.pixels.Pixels;

/**
 * The detector NudeNet v3 on the user's {@code 320n.onnx}, with the pre- and postprocessing of the
 * Python package {@code nudenet} 3.4.
 *
 * <p>It runs on ONNX Runtime, whose jar is larger than all the rest together and is therefore not
 * part of the distribution: the user puts it beside the other jars. Nothing but {@link
 * OnnxDetector} names its classes, so that this one loads without it.
 */
public final class NudeNet implements AutoCloseable {
  /** The jar that the detector needs, as Maven names it. */
  static final String RUNTIME = "com.microsoft.onnxruntime:onnxruntime:1.22.0";

  private static final String RUNTIME_CLASS = "ai.onnxruntime.OrtEnvironment";

  private final OnnxDetector detector;

  private NudeNet(OnnxDetector detector) {
    this.detector = detector;
  }

  /**
   * Loads the detector.
   *
   * @param file {@code 320n.onnx}, or a larger NudeNet v3 detector with a fixed input size
   * @throws RealeraException (not found) without the file or without ONNX Runtime; (damaged) if the
   *     file is no NudeNet v3 detector
   */
  public static NudeNet load(Path file) {
    if (!Files.isRegularFile(file)) {
      throw RealeraException.notFound(
          "there is no NudeNet detector " + file,
          "Take 320n.onnx out of the Python package nudenet 3.4.2 (pip download --no-deps"
              + " nudenet).");
    }
    try {
      Class.forName(RUNTIME_CLASS, false, NudeNet.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new RealeraException(
          Kind.NOT_FOUND,
          "NudeNet runs on ONNX Runtime, which is not in the class path",
          "Put onnxruntime-1.22.0.jar (Maven: " + RUNTIME + ") into " + libraries() + ".",
          e);
    }
    return new NudeNet(OnnxDetector.open(file));
  }

  /**
   * Detects parts.
   *
   * @return every detection above {@value NudeNetOutput#KEPT_ABOVE}, strongest first
   * @throws RealeraException (damaged) if the file turns out to be no NudeNet v3 detector
   */
  public List<Detection> detect(Image image) {
    int size = detector.size();
    float[][] output = detector.run(input(image, size));
    return NudeNetOutput.read(output, size, image.width(), image.height());
  }

  /**
   * The network's input: padded to a square with black at the right or the bottom, resized, 0 to 1.
   * The planes are blue, green, red: the package swaps red and blue twice, and the published
   * figures were made so.
   *
   * @return [3, size, size] float32
   */
  static float[] input(Image image, int size) {
    int side = Math.max(image.width(), image.height());
    byte[] square = Pixels.crop(image, 0, 0, side, side).rgb();
    byte[] small = OpenCvResize.bilinear(square, side, side, size, size);
    float[] planes = new float[3 * size * size];
    for (int i = 0; i < size * size; i++) {
      for (int c = 0; c < 3; c++) {
        planes[(2 - c) * size * size + i] = (small[3 * i + c] & 0xff) * (float) (1 / 255.0);
      }
    }
    return planes;
  }

  /** The folder of the jars we run from. */
  private static String libraries() {
    CodeSource source = NDManager.class.getProtectionDomain().getCodeSource();
    try {
      Path parent = source == null ? null : Path.of(source.getLocation().toURI()).getParent();
      return parent == null ? "the folder lib" : parent.toString();
    } catch (URISyntaxException e) {
      return "the folder lib";
    }
  }

  @Override
  public void close() {
    detector.close();
  }
}
