package org.realera.eval.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.config.MethodName;
import org.realera.eval.run.RunFiles;
import org.realera.files.IoErrors;

/** Finds the run folders of attacks, and which are shards of one run. */
public final class AttackRuns {
  /** The runs of a campaign lie below it. */
  public static final String ATTACKS = "attacks";

  private AttackRuns() {}

  /**
   * A run folder.
   *
   * @param info its run.json
   */
  record Part(Path folder, AttackInfo info) {}

  /** Whether a folder holds runs of attacks and no other: it is one, or a campaign of them. */
  public static boolean are(Path folder) {
    return Files.exists(folder.resolve(RunFiles.RUN))
        ? AttackFiles.isRun(folder)
        : Files.isDirectory(folder.resolve(ATTACKS)) && !Files.exists(folder.resolve("runs"));
  }

  /**
   * Reads runs; shards are put together. Their order is that of the tables, whatever that of the
   * folders: by method, then by concept.
   *
   * @param folders run folders, or those of campaigns, which stand for their runs
   * @throws RealeraException (not found) for a folder that is no run; (usage) for shards that
   *     overlap, are missing or not of one run, and for runs of different judges
   */
  static List<AttackedRun> read(List<Path> folders) {
    Map<String, List<Part>> runs = new LinkedHashMap<>();
    for (Path folder : folders) {
      for (Path run : runsOf(folder)) {
        AttackInfo info =
            AttackFiles.find(run)
                .orElseThrow(
                    () ->
                        RealeraException.notFound(
                            run + " is no run of attacks: it has no " + RunFiles.RUN + " of one",
                            "Give folders that realera eval attack wrote with --out."));
        runs.computeIfAbsent(
                info.concept() + "\n" + info.label() + "\n" + info.modelFingerprint(),
                key -> new ArrayList<>())
            .add(new Part(run, info));
      }
    }
    List<Found> found =
        runs.values().stream()
            .map(parts -> new Found(AttackedRun.of(checked(parts)), campaign(parts.get(0))))
            .sorted(
                Comparator.comparingInt((Found one) -> rank(one.label()))
                    .thenComparing(Found::label)
                    .thenComparing(one -> one.run().info().concept())
                    .thenComparing(one -> one.campaign().toString()))
            .toList();
    return named(found);
  }

  /**
   * A run and where it belongs.
   *
   * @param campaign the folder of all that were made together; of a run by itself, its own
   */
  private record Found(AttackedRun run, Path campaign) {
    String label() {
      return run.info().label();
    }
  }

  private static Path campaign(Part part) {
    Path run = part.folder().toAbsolutePath().normalize();
    Path below = run.getParent();
    Path above = below == null ? null : below.getParent();
    return below != null && above != null && below.endsWith(ATTACKS) ? above : run;
  }

  /**
   * Figures of one name are put together. So models that share a name and a concept, as {@code
   * uce/no-cat} and {@code mace/no-cat} do, or what one method made twice, get the folder added
   * where they were attacked.
   */
  private static List<AttackedRun> named(List<Found> runs) {
    Set<String> once = new HashSet<>();
    Set<String> doubtful = new HashSet<>();
    for (Found one : runs) {
      if (!once.add(one.label() + "\n" + one.run().info().concept())) {
        doubtful.add(one.label());
      }
    }
    return runs.stream()
        .map(
            one ->
                doubtful.contains(one.label())
                    ? one.run().withLabel(one.label() + " (" + place(one, runs) + ")")
                    : one.run())
        .toList();
  }

  /** A run's folder by its last name; in full where another of its label has the same. */
  private static String place(Found of, List<Found> runs) {
    Path campaign = of.campaign();
    Path last = campaign.getFileName();
    boolean shared =
        runs.stream()
            .filter(one -> one.label().equals(of.label()) && !one.campaign().equals(campaign))
            .anyMatch(one -> Objects.equals(one.campaign().getFileName(), last));
    return last == null || shared ? campaign.toString() : last.toString();
  }

  /**
   * Methods in the order of all tables; what is none of them, such as a part of one, after the
   * first.
   */
  private static int rank(String label) {
    List<MethodName> methods = List.of(MethodName.values());
    for (MethodName method : methods) {
      if (method.title().equals(label)) {
        return 2 * methods.indexOf(method);
      }
    }
    return 1;
  }

  private static List<Path> runsOf(Path folder) {
    Path below = folder.resolve(ATTACKS);
    if (Files.exists(folder.resolve(RunFiles.RUN)) || !Files.isDirectory(below)) {
      return List.of(folder);
    }
    try (Stream<Path> runs = Files.list(below)) {
      List<Path> found =
          runs.filter(run -> Files.exists(run.resolve(RunFiles.RUN))).sorted().toList();
      return found.isEmpty() ? List.of(folder) : found;
    } catch (IOException e) {
      throw IoErrors.reading(below, e);
    }
  }

  /** The shards of one run, each once and all there. */
  private static List<Part> checked(List<Part> parts) {
    AttackInfo first = parts.get(0).info();
    boolean[] there = new boolean[first.shard().count()];
    for (Part part : parts) {
      first
          .partsDiffer(part.info())
          .ifPresent(
              difference -> {
                throw RealeraException.usage(
                    "%s and %s are not parts of one run: %s"
                        .formatted(parts.get(0).folder(), part.folder(), difference),
                    "Put together what was made with the same settings.");
              });
      int index = part.info().shard().index() - 1;
      if (there[index]) {
        throw RealeraException.usage(
            "shard " + part.info().shard() + " is there twice: " + part.folder(),
            "Give each folder once.");
      }
      there[index] = true;
    }
    for (int i = 0; i < there.length; i++) {
      if (!there[i]) {
        throw RealeraException.usage(
            "shard "
                + (i + 1)
                + "/"
                + there.length
                + " of "
                + parts.get(0).folder()
                + " is missing",
            "Give the folders of all shards.");
      }
    }
    return parts;
  }
}
