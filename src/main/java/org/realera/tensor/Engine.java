package org.realera.tensor;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tensor engine, libtorch: starting it, and what it can run on. */
public final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
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
    static final Libtorch NATIVES = natives();
    static final ai.djl.engine.@Nullable Engine ENGINE;
    static final @Nullable RealeraException FAILURE;

    static {
      ai.djl.engine.Engine engine = null;
      RealeraException failure = null;
      try {
        NATIVES.requireFit();
        if (NATIVES.source() == Libtorch.Source.TO_FETCH) {
          LOG.warn(
              "libtorch {} is fetched once, some gigabytes, from {}",
              NATIVES.flavor(),
              NATIVES.place());
        }
        engine = start();
      } catch (RealeraException e) {
        failure = e;
      } catch (EngineException
          | LinkageError
          | IllegalStateException
          | IllegalArgumentException e) {
        failure = NATIVES.notLoaded(e);
      }
      ENGINE = engine;
      FAILURE = failure;
    }
  }

  private static Libtorch natives() {
    return Libtorch.find(
        name -> {
          String property = System.getProperty(name, "");
          String variable = System.getenv(name);
          return !property.isEmpty() || variable == null ? property : variable;
        },
        Engine.class.getResource("/native/lib/pytorch.properties") != null,
        Utils.getEngineCacheDir("pytorch"));
  }

  private static ai.djl.engine.Engine started() {
    ai.djl.engine.Engine engine = Started.ENGINE;
    if (engine == null) {
      RealeraException failure = Started.FAILURE;
      throw failure == null ? new IllegalStateException("no engine and no reason") : failure;
    }
    return engine;
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

  /**
   * Starts the engine if it does not run yet: half a second, or a few the first time ever.
   *
   * @throws RealeraException if libtorch can't be had or does not load, with the ways out
   */
  public static void init() {
    started();
  }

  /**
   * What a choice comes to on this machine.
   *
   * @throws RealeraException (usage) for a GPU that is not there
   */
  public static Compute compute(ComputeChoice choice) {
    Device where =
        switch (choice.device()) {
          case ComputeChoice.AUTO -> automatic();
          case "cpu" -> Device.cpu();
          default -> gpu(choice.device());
        };
    return choice.on(where);
  }

  /**
   * The same from words.
   *
   * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
   * @param dtype {@code auto} (fp16 on a GPU, fp32 on a CPU), {@code fp32}, {@code bf16} or {@code
   *     fp16}
   * @throws RealeraException (usage) for any other text, or a GPU that is not there
   */
  public static Compute compute(String device, String dtype) {
    return compute(ComputeChoice.of(device, dtype));
  }

  private static Device gpu(String device) {
    int index = device.equals("cuda") ? 0 : Integer.parseInt(device.substring("cuda:".length()));
    if (!hasGpu(index)) {
      throw RealeraException.usage(
          "there is no device %s for %s: %s".formatted(device, build(), whyNoGpu()),
          "Use --device cpu, or see src/docs/gpu.md.");
    }
    return Device.gpu(index);
  }

  private static Device automatic() {
    if (hasGpu(0)) {
      return Device.gpu(0);
    }
    if (Started.NATIVES.isCuda()) { // somebody expects a GPU
      LOG.warn("{}: computing on the CPU", whyNoGpu());
    }
    return Device.cpu();
  }

  /**
   * Whether tensors can be put there. DJL counts GPUs by a libcudart that it finds by itself, or
   * fails to; libtorch brings its own, and has the last word.
   */
  private static boolean hasGpu(int index) {
    if (!started().hasCapability("CUDA")) {
      return false;
    }
    try (NDManager scope = NDManager.newBaseManager(Device.gpu(index))) {
      return scope.zeros(new Shape(1)).getDevice().isGpu();
    } catch (EngineException e) {
      LOG.info("cuda:{} can't be used", index, e);
      return false;
    }
  }

  private static String whyNoGpu() {
    String driver = "";
    try {
      driver = Files.readString(Path.of("/proc/driver/nvidia/version"));
    } catch (IOException e) {
      LOG.debug("no driver", e);
    }
    String visible = System.getenv("CUDA_VISIBLE_DEVICES");
    return Libtorch.whyNoGpu(isCudaBuild(), driver, visible == null ? "" : visible);
  }

  /**
   * By PYTORCH_FLAVOR, too, which the launcher sets (by its files if it is the user's own): without
   * a GPU, a CUDA build says that it is not capable of CUDA.
   */
  private static boolean isCudaBuild() {
    return started().hasCapability("CUDA") || Started.NATIVES.isCuda();
  }

  /**
   * What runs here, without fetching anything: engine, device and libtorch, one line each.
   *
   * @param wanted the device asked for, as {@link ComputeChoice} names it
   * @return {@code engine}, {@code device} and {@code natives} in words; a problem in place of the
   *     device if there is one
   */
  public static Map<String, String> versions(String wanted) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put(
        "engine",
        "DJL %s, libtorch %s".formatted(ai.djl.engine.Engine.getDjlVersion(), Libtorch.version()));
    Libtorch natives = natives();
    try {
      if (natives.source() == Libtorch.Source.TO_FETCH) {
        words.put("device", "unknown until libtorch is here");
      } else {
        init(); // asking for the CPU does not start it, and its threads are counted below
        Compute found = compute(wanted, ComputeChoice.AUTO);
        String threads = found.isGpu() ? "" : ", " + threads(JniUtils.getNumThreads());
        words.put("device", found.deviceName() + threads);
      }
    } catch (RealeraException e) {
      words.put("device", "none: " + e.getMessage());
    }
    words.put("natives", natives.describe());
    return words;
  }

  /** How many threads, for people. */
  static String threads(int count) {
    return count == 1 ? "1 thread" : count + " threads";
  }

  /**
   * One line for logs and manifests: engine, version, threads. The prior's cache serves only where
   * it is the same to the letter, and a run that goes on where it is not says so: one thread is "1
   * threads" for good.
   */
  public static String describe() {
    return build() + ", " + JniUtils.getNumThreads() + " threads";
  }

  private static String build() {
    return "PyTorch %s, %s"
        .formatted(started().getVersion(), isCudaBuild() ? "CUDA build" : "CPU build");
  }
}
