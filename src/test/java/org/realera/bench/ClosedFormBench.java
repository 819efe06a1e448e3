package org.realera.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.realera.closedform.ClosedForm;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;

/**
 * Times the closed form at full size; not a test.
 *
 * <pre>
 *   mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/cp
 *   java -Xmx1g -cp target/classes:target/test-classes:$(cat target/cp) \
 *     org.realera.bench.ClosedFormBench
 * </pre>
 */
final class ClosedFormBench {
  private static final PrintStream OUT = System.out;

  private ClosedFormBench() {}

  public static void main(String[] args) {
    Engine.init();
    OUT.println(Engine.describe());
    for (int d : new int[] {768, 1024}) {
      try (NDManager scope = NDManager.newBaseManager();
          ClosedForm closedForm = new ClosedForm(d)) {
        NDArray rows = new Noise(0).normal(scope, new Shape(10_000, d));
        closedForm.keep(rows, 0.1);
        Clock start = new Clock();
        for (int i = 0; i < 14; i++) {
          closedForm.keep(rows, 0.1);
        }
        report("Gram of 140,000 rows of " + d, start);
        closedForm.map(rows, rows.mul(0.5));
        NDArray t = closedForm.solve(0.1, scope);
        start = new Clock();
        closedForm.solve(0.1, scope);
        report("solve " + d, start);
        NDArray weight = new Noise(1).normal(scope, new Shape(1280, d));
        start = new Clock();
        for (int i = 0; i < 32; i++) {
          ClosedForm.project(t, weight, scope).close();
        }
        report("32 products of [1280, " + d + "]", start);
      }
    }
  }

  private static void report(String what, Clock start) {
    Clock now = new Clock();
    OUT.printf(
        Locale.ROOT,
        "%s: %.2f s, %.2f s of all cores together%n",
        what,
        (now.wall - start.wall) / 1e9,
        (now.cpu - start.cpu) / 1e9);
  }

  /** Two readings; on a busy machine only the second means something. */
  private static final class Clock {
    final long wall = System.nanoTime();
    final long cpu =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }
}
