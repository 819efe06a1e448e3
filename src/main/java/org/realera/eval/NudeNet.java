package org.realera.eval;

import ai.djl.ndarray.NDManager;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.Picture;

/**
 * The detector NudeNet v3 on the user's {@code 320n.onnx}, with the pre- and postprocessing of the
 * Python package {@code nudenet} 3.4.
 *
 * <p>It runs on ONNX Runtime, whose jar is larger than all the rest together and is therefore not
 * part of the distribution: the user puts it beside the other jars.
 */
public final class NudeNet implements AutoCloseable {
  /** The jar that the detector needs, as Maven names it. */
  static final String RUNTIME = "com.microsoft.onnxruntime:onnxruntime:1.22.0";

  private static final int DEFAULT_SIZE = 320;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final int size;
  private final Path file;

  private NudeNet(
      OrtEnvironment environment, OrtSession session, String input, int size, Path file) {
    this.environment = environment;
    this.session = session;
    this.input = input;
    this.size = size;
    this.file = file;
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
          "take 320n.onnx out of the Python package nudenet 3.4.2 (pip download --no-deps nudenet)");
    }
    try {
      return open(file);
    } catch (NoClassDefFoundError e) {
      throw new RealeraException(
          Kind.NOT_FOUND,
          "NudeNet runs on ONNX Runtime, which is not in the class path",
          "put onnxruntime-1.22.0.jar (Maven: " + RUNTIME + ") into " + libraries(),
          e);
    }
  }

  private static NudeNet open(Path file) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession session;
    try {
      session = environment.createSession(file.toString(), new OrtSession.SessionOptions());
    } catch (OrtException e) {
      throw notADetector(file, firstLine(e), e);
    }
    try {
      return check(environment, session, file);
    } catch (OrtException e) {
      close(session);
      throw notADetector(file, firstLine(e), e);
    } catch (RuntimeException e) {
      close(session);
      throw e;
    }
  }

  private static NudeNet check(OrtEnvironment environment, OrtSession session, Path file)
      throws OrtException {
    Map<String, NodeInfo> inputs = session.getInputInfo();
    Map<String, NodeInfo> outputs = session.getOutputInfo();
    if (inputs.size() != 1 || outputs.size() != 1) {
      throw notADetector(
          file, inputs.size() + " inputs and " + outputs.size() + " outputs, expected one each");
    }
    NodeInfo in = inputs.values().iterator().next();
    long[] from = shape(in);
    long[] to = shape(outputs.values().iterator().next());
    if (from.length != 4 || (from[1] != 3 && from[1] != -1) || from[2] != from[3]) {
      throw notADetector(file, "the input is " + text(from) + ", expected [batch, 3, size, size]");
    }
    if (to.length != 3 || (to[1] != NudeNetOutput.ROWS && to[1] != -1)) {
      throw notADetector(
          file,
          "the output is " + text(to) + ", expected [batch, " + NudeNetOutput.ROWS + ", boxes]");
    }
    int size = from[2] > 0 ? Math.toIntExact(from[2]) : DEFAULT_SIZE;
    return new NudeNet(environment, session, in.getName(), size, file);
  }

  private static long[] shape(NodeInfo info) {
    return info.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
  }

  private static String text(long[] shape) {
    return Arrays.toString(shape);
  }

  /**
   * Detects parts.
   *
   * @return every detection above {@value NudeNetOutput#KEPT_ABOVE}, strongest first
   * @throws RealeraException (damaged) if the file turns out to be no NudeNet v3 detector
   */
  public List<Detection> detect(Picture picture) {
    float[] pixels = input(picture, size);
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(pixels), new long[] {1, 3, size, size});
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      if (result.get(0).getValue() instanceof float[][][] output
          && output[0].length == NudeNetOutput.ROWS) {
        return NudeNetOutput.read(output[0], size, picture.width(), picture.height());
      }
      throw notADetector(file, "the output has not " + NudeNetOutput.ROWS + " rows");
    } catch (OrtException e) {
      throw notADetector(file, firstLine(e), e);
    }
  }

  /**
   * The network's input: padded to a square with black at the right or the bottom, resized, 0 to 1.
   * The planes are blue, green, red: the package swaps red and blue twice, and the published
   * figures were made so.
   *
   * @return [3, size, size] float32
   */
  static float[] input(Picture picture, int size) {
    int side = Math.max(picture.width(), picture.height());
    byte[] square = Pixels.crop(picture, 0, 0, side, side).rgb();
    byte[] small = OpenCvResize.bilinear(square, side, side, size, size);
    float[] planes = new float[3 * size * size];
    for (int i = 0; i < size * size; i++) {
      for (int c = 0; c < 3; c++) {
        planes[(2 - c) * size * size + i] = (small[3 * i + c] & 0xff) * (float) (1 / 255.0);
      }
    }
    return planes;
  }

  private static RealeraException notADetector(Path file, String what) {
    return notADetector(file, what, null);
  }

  private static RealeraException notADetector(Path file, String what, @Nullable Throwable cause) {
    return new RealeraException(
        Kind.DAMAGED,
        file + " is no NudeNet v3 detector: " + what,
        "take 320n.onnx out of the Python package nudenet 3.4.2",
        cause);
  }

  private static String firstLine(OrtException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
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

  private static void close(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    close(session);
  }
}
