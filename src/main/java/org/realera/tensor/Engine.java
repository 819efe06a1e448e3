package org.realera.tensor;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.util.Locale;
import java.util.Map;
import org.realera.RealeraException;

/** The tensor engine, libtorch: starting it, and what it can run on. */
public final class Engine {
  private static final Map<String, String> SETTINGS =
      Map.of(
          // DJL counts its users unless told not to.
          "OPT_OUT_TRACKING", "true",
          // Keeps DJL from advising about a switch that TorchScript turns off anyway.
          "ai.djl.pytorch.graph_optimizer", "false",
          // The tokenizer has a CUDA flavor which would be fetched from the network.
          "RUST_FLAVOR", "cpu");

  private Engine() {}

  /** Holds the engine: a class is initialised once, by the first thread that needs it. */
  private static final class Started {
    static final ai.djl.engine.Engine ENGINE = start();
  }

  private static ai.djl.engine.Engine start() {
    SETTINGS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null && System.getenv(name) == null) {
            System.setProperty(name, value);
          }
        });
    ai.djl.engine.Engine engine = ai.djl.engine.Engine.getEngine("PyTorch");
    // OpenMP counts the machine's cores; the JVM knows the share that a container was given.
    int cores = Runtime.getRuntime().availableProcessors();
    if (JniUtils.getNumThreads() > cores) {
      JniUtils.setNumThreads(cores);
    }
    return engine;
  }

  /** Starts the engine if it does not run yet: half a second, or a few the first time ever. */
  public static void init() {
    if (Started.ENGINE.getRank() < 0) {
      throw new IllegalStateException("unreachable: reading the field has started the engine");
    }
  }

  /**
   * What to compute on.
   *
   * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
   * @param dtype {@code auto} (fp16 on a GPU, fp32 on a CPU), {@code fp32}, {@code bf16} or {@code
   *     fp16}
   * @throws RealeraException (usage) for any other text, or a GPU that is not there
   */
  public static Compute compute(String device, String dtype) {
    Device where =
        switch (device.toLowerCase(Locale.ROOT)) {
          case "auto" -> gpuCount() > 0 ? Device.gpu(0) : Device.cpu();
          case "cpu" -> Device.cpu();
          default -> gpu(device.toLowerCase(Locale.ROOT));
        };
    Precision precision =
        switch (dtype.toLowerCase(Locale.ROOT)) {
          case "auto" -> where.isGpu() ? Precision.FP16 : Precision.FP32;
          case "fp32" -> Precision.FP32;
          case "bf16" -> Precision.BF16;
          case "fp16" -> Precision.FP16;
          default ->
              throw RealeraException.usage(
                  "unknown dtype '" + dtype + "'", "use --dtype auto, fp32, bf16 or fp16");
        };
    return new Compute(where, precision);
  }

  private static Device gpu(String device) {
    if (!device.matches("cuda(:\\d{1,3})?")) {
      throw RealeraException.usage(
          "unknown device '" + device + "'", "use --device auto, cpu, cuda or cuda:N");
    }
    int index = device.equals("cuda") ? 0 : Integer.parseInt(device.substring("cuda:".length()));
    int count = gpuCount();
    if (index >= count) {
      throw RealeraException.usage(
          "there is no device "
              + device
              + " ("
              + count
              + " CUDA devices in sight of "
              + describe()
              + ")",
          "use --device cpu, or see the README on how to run on a GPU");
    }
    return Device.gpu(index);
  }

  private static int gpuCount() {
    init();
    return Started.ENGINE.hasCapability("CUDA") ? CudaUtils.getGpuCount() : 0;
  }

  /** One line for logs and manifests: engine, version, threads. */
  public static String describe() {
    init();
    return String.format(
        Locale.ROOT,
        "PyTorch %s, %s, %d threads",
        Started.ENGINE.getVersion(),
        Started.ENGINE.hasCapability("CUDA") ? "CUDA build" : "CPU build",
        JniUtils.getNumThreads());
  }
}
