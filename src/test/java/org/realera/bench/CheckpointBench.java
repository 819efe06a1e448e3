package org.realera.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.CrossAttention;
import org.realera.checkpoint.DiffusersWriter;
import org.realera.safetensors.Weights;

/**
 * Times what the checkpoint package does with a model, e.g. one of
 * scripts/golden/make_random_sd.py:
 *
 * <pre>
 * mvn -q -Dquickly package test-compile
 * java -cp 'target/classes:target/test-classes:target/lib/*' \
 *   org.realera.bench.CheckpointBench MODEL_FOLDER NEW_FOLDER
 * </pre>
 *
 * Each figure is of the second of two runs, so the files are in the page cache.
 */
final class CheckpointBench {
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private interface Work {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Checkpoint model = Checkpoint.open(folder);
    time("open folder, read configurations", () -> Checkpoint.open(folder));
    time("open U-Net, read its header", () -> model.openUnet().close());
    time("verify names and shapes", model::verify);
    time("map every U-Net tensor", () -> readAll(model));
    time("verify that all is finite", model::verifyFinite);
    time("fingerprint", model::fingerprint);
    try (Weights unet = model.openUnet();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Map<String, NDArray> edits = new HashMap<>();
      for (String name : CrossAttention.projections(unet)) {
        edits.put(name + ".weight", unet.read(name + ".weight", scope).mul(0.5f));
      }
      System.out.printf("%d edits%n", edits.size());
      time(
          "write the folder with edits",
          () -> {
            deleteAll(target);
            DiffusersWriter.write(model, edits, target);
          });
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM") || line.startsWith("RssAnon")) {
        System.out.println(line);
      }
    }
  }

  private static void readAll(Checkpoint model) {
    try (Weights unet = model.openUnet();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      unet.tensors().keySet().forEach(name -> unet.read(name, scope));
    }
  }

  private static void deleteAll(Path folder) throws Exception {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void time(String what, Work work) throws Exception {
    work.run();
    long start = System.nanoTime();
    long cpu = PROCESS.getProcessCpuTime();
    work.run();
    System.out.printf(
        "%-36s %8.1f ms, %8.1f ms of CPU%n",
        what, (System.nanoTime() - start) / 1e6, (PROCESS.getProcessCpuTime() - cpu) / 1e6);
  }
}
