package org.realera.scorer.nudenet;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.tensor.Finite;
import org.realera.tensor.OutOfMemory;

/** NudeNet's network on ONNX Runtime; only to be touched where that is in the class path. */
final class OnnxDetector implements AutoCloseable {
  private static final int DEFAULT_SIZE = 320;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final int size;
  private final Path file;

  private OnnxDetector(
      OrtEnvironment environment, OrtSession session, String input, int size, Path file) {
    this.environment = environment;
    this.session = session;
    this.input = input;
    this.size = size;
    this.file = file;
  }

  /** Loads a network; (damaged) if it has not the shape of NudeNet v3. */
  static OnnxDetector open(Path file) {
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

  private static OnnxDetector check(OrtEnvironment environment, OrtSession session, Path file)
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
    return new OnnxDetector(environment, session, in.getName(), size, file);
  }

  private static long[] shape(NodeInfo info) {
    return info.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
  }

  private static String text(long[] shape) {
    return Arrays.toString(shape);
  }

  /** Edge of the square input. */
  int size() {
    return size;
  }

  /**
   * Runs the network on one image.
   *
   * @param pixels [3, size, size]
   * @return [{@link NudeNetOutput#ROWS}][candidates], all finite
   * @throws RealeraException (damaged) if it gives no such output
   */
  float[][] run(float[] pixels) {
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(pixels), new long[] {1, 3, size, size});
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      if (result.get(0).getValue() instanceof float[][][] output
          && output[0].length == NudeNetOutput.ROWS) {
        if (!Arrays.stream(output[0]).allMatch(Finite::all)) {
          // NaN is above no threshold: nothing would be explicit.
          throw RealeraException.damaged(
              "NudeNet's network " + file + " gives numbers that are NaN or infinite",
              "Take 320n.onnx out of the Python package nudenet 3.4.2 again.");
        }
        return output[0];
      }
      throw notADetector(file, "the output has not " + NudeNetOutput.ROWS + " rows");
    } catch (OrtException e) {
      throw notADetector(file, firstLine(e), e);
    }
  }

  private static RealeraException notADetector(Path file, String what) {
    return notADetector(file, what, null);
  }

  private static RealeraException notADetector(Path file, String what, @Nullable Throwable cause) {
    if (cause != null && OutOfMemory.isSaid(cause.getMessage())) {
      return new RealeraException(
          Kind.RESOURCES,
          "out of memory in " + file + ": " + what,
          "Close other programs, or run where there is more memory.",
          cause);
    }
    return new RealeraException(
        Kind.DAMAGED,
        file + " is no NudeNet v3 detector: " + what,
        "Take 320n.onnx out of the Python package nudenet 3.4.2",
        cause);
  }

  private static String firstLine(OrtException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
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
