package org.realera.chaos;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.FileTree;

/**
 * Reads damaged files of every kind. Each is read, or refused by a {@link RealeraException} that
 * names it: nothing else is thrown, nothing hangs, nothing takes more memory than the file is
 * worth. The same seed gives the same files.
 */
final class Fuzz {
  /** A mutant is this many bytes of Java's heap worth, and so much for each of its own. */
  private static final long MOST_BYTES = 256L << 20;

  private static final long MOST_BYTES_EACH = 2_000;

  /** Far beyond what a reader takes on a busy machine. */
  private static final long MOST_NANOS = 20_000_000_000L;

  /**
   * What came of a kind's mutants.
   *
   * @param faults what went wrong, one text each; the mutant is kept beside the original
   * @param bytes the most that one took
   * @param millis the longest that one took
   */
  record Result(String name, int read, int refused, List<String> faults, long bytes, long millis) {
    @Override
    public String toString() {
      return "%-22s %7d read %7d refused %3d faults, at most %4d MiB and %5d ms each"
          .formatted(name, read, refused, faults.size(), bytes >> 20, millis);
    }
  }

  private Fuzz() {}

  /**
   * Reads so many mutants of a kind.
   *
   * @param seed decides all of them
   * @param keep where mutants go that did harm; null for nowhere
   */
  static Result run(Input input, int count, long seed, @Nullable Path keep) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int read = 0;
    int refused = 0;
    long mostBytes = 0;
    long mostNanos = 0;
    List<String> faults = new ArrayList<>();
    byte[] original = input.seeds().get(0);
    for (int i = 0; i < count; i++) {
      byte[] mutant = mutant(input, seed, i);
      Files.write(input.file(), mutant);
      long before = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      String fault = "";
      try {
        input.reader().read(input.file());
        read++;
      } catch (RealeraException e) {
        refused++;
        if (!input.names(e)) {
          fault = "does not name the file: " + e.getMessage();
        }
      } catch (Throwable e) {
        fault = e + at(e);
      }
      long nanos = System.nanoTime() - start;
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      mostBytes = Math.max(mostBytes, bytes);
      mostNanos = Math.max(mostNanos, nanos);
      if (bytes > MOST_BYTES + MOST_BYTES_EACH * mutant.length) {
        fault += " took " + bytes + " bytes";
      }
      if (nanos > MOST_NANOS) {
        fault += " took " + nanos / 1_000_000 + " ms";
      }
      if (!fault.isEmpty()) {
        faults.add(input.name() + " " + seed + " " + i + ": " + fault);
        if (keep != null) {
          Files.createDirectories(keep);
          Files.write(keep.resolve(input.name() + "-" + seed + "-" + i), mutant);
        }
      }
    }
    Files.write(input.file(), original);
    return new Result(
        input.name(), read, refused, List.copyOf(faults), mostBytes, mostNanos / 1_000_000);
  }

  /** The i-th mutant. */
  static byte[] mutant(Input input, long seed, int i) {
    Mutator mutator = new Mutator(31 * (31 * seed + input.name().hashCode()) + i);
    List<byte[]> seeds = input.seeds();
    byte[] whole = seeds.get(i % seeds.size());
    byte[] mutant = mutator.mutant(whole, seeds.get(mutator.below(seeds.size())), input.text());
    return mutator.nextBoolean() ? input.repair().repaired(mutant) : mutant;
  }

  private static String at(Throwable e) {
    StringBuilder at = new StringBuilder();
    for (StackTraceElement element : e.getStackTrace()) {
      if (element.getClassName().startsWith("org.realera.")) {
        at.append(" at ").append(element);
        if (at.length() > 300) {
          break;
        }
      }
    }
    return at.toString();
  }

  /** {@code COUNT SEED [KIND...]}: by hand, with as many mutants of each kind as one has time. */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    long seed = Long.parseLong(args[1]);
    List<String> kinds = List.of(args).subList(2, args.length);
    Path root = Files.createTempDirectory("realera-fuzz-");
    int faults = 0;
    try {
      for (Input input : Inputs.all(root)) {
        if (kinds.isEmpty() || kinds.contains(input.name())) {
          Result result = run(input, count, seed, Path.of("target", "fuzz"));
          System.out.println(result);
          result.faults().stream().limit(20).forEach(fault -> System.out.println("  " + fault));
          faults += result.faults().size();
        }
      }
    } finally {
      FileTree.deleteQuietly(root);
    }
    System.exit(faults == 0 ? 0 : 1);
  }
}
